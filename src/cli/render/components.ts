import type { Component } from '../../core/site/components';
import { printableLine } from './printable';

/** What was found on this machine, for people: one line each, and below what is missing what to do. */
export function renderComponents(components: readonly Component[]): string {
  const width = Math.max(...components.map(({ name }) => name.length));
  return components
    .map((component) => {
      const { name, found, path, version, detail, remedy } = component;
      // What is said of a refused one names its path.
      const words = [...(found ? [version, path] : []), detail && `(${detail})`];
      const told = words.filter((word) => word !== undefined).join('  ');
      const head = `${stateOf(component).padEnd(7)}  ${name.padEnd(width)}  ${told}`.trimEnd();
      const advice = remedy === undefined ? '' : `${' '.repeat(width + 11)}${printableLine(remedy)}\n`;
      return `${printableLine(head)}\n${advice}`;
    })
    .join('');
}

function stateOf({ found, optional, path }: Component): string {
  if (found) return 'found';
  if (optional === true) return 'none';
  return path === undefined ? 'missing' : 'refused';
}
