import { isDeepStrictEqual } from 'node:util';
import type { ViewNode } from './viewNode';

/** Rows of one parent that are drawn one by one; each costs the window a round trip, and the parent with all of them one. */
const few = 8;

/**
 * Ids of the nodes that must be drawn again: a node whose own row or list of children has changed
 * stands for everything below it. `all` when the roots themselves are others.
 */
export function changedNodes(
  before: readonly ViewNode[],
  after: readonly ViewNode[],
): 'all' | readonly string[] {
  if (!sameIds(before, after)) return 'all';
  return after.flatMap((node, index) => {
    const old = before[index];
    return old === undefined ? [] : changesWithin(old, node);
  });
}

function changesWithin(before: ViewNode, after: ViewNode): readonly string[] {
  const below = changedNodes(before.children, after.children);
  return below === 'all' || below.length > few || !sameRow(before, after) ? [after.id] : below;
}

function sameIds(before: readonly ViewNode[], after: readonly ViewNode[]): boolean {
  return before.length === after.length && before.every(({ id }, index) => id === after[index]?.id);
}

function sameRow(before: ViewNode, after: ViewNode): boolean {
  return isDeepStrictEqual({ ...before, children: [] }, { ...after, children: [] });
}
