import type { Component } from '../../core/site/components';
import { printableLine } from './printable';

/** What was found on this machine, for people: one line each, and below what is missing what to do. */
export function renderComponents(components: readonly Component[]): string {
  const width = Math.max(...components.map(({ name }) => name.length));
  return components
    .map(({ name, found, path, version, detail, remedy }) => {
      const words = [version, path, detail && `(${detail})`].filter((word) => word !== undefined);
      const head = `${found ? 'found  ' : 'missing'}  ${name.padEnd(width)}  ${words.join('  ')}`.trimEnd();
      const advice = remedy === undefined ? '' : `${' '.repeat(width + 11)}${printableLine(remedy)}\n`;
      return `${printableLine(head)}\n${advice}`;
    })
    .join('');
}
