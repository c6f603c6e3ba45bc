import type { DocumentPath } from '../../base/problem';
import type { DocumentNode } from '../documentNode';
import type { Check } from './check';

/** Arguments, variables and paths end at a NUL character: what comes behind it would be lost. */
export const noNulCharacters: Check = (_, report, document) => {
  const visit = (node: DocumentNode, path: DocumentPath): void => {
    if (node.kind === 'scalar') {
      if (node.source.includes('\0')) report('nul-character', path);
    } else if (node.kind === 'sequence') {
      node.items.forEach((item, index) => {
        visit(item, [...path, index]);
      });
    } else {
      for (const [key, { value }] of node.entries) {
        if (key.includes('\0')) report('nul-character', [...path, key], {}, 'key');
        visit(value, [...path, key]);
      }
    }
  };
  if (document.root !== undefined) visit(document.root, []);
};
