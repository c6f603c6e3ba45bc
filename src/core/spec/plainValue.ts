import type { DocumentNode } from './documentNode';

/** The document's values as plain data; maps have no prototype, so that no key is special. */
export function plainValue(root: DocumentNode | undefined): unknown {
  return root === undefined ? null : plain(root, new Map());
}

/** What an alias stands for is made once, and shared. */
function plain(node: DocumentNode, made: Map<DocumentNode, unknown>): unknown {
  if (node.kind === 'scalar') return node.value;
  const known = made.get(node);
  if (known !== undefined) return known;
  const value = node.kind === 'sequence' ? node.items.map((item) => plain(item, made)) : plainMap(node, made);
  made.set(node, value);
  return value;
}

function plainMap(node: DocumentNode & { kind: 'mapping' }, made: Map<DocumentNode, unknown>): unknown {
  const map = Object.create(null) as Record<string, unknown>;
  for (const [key, { value }] of node.entries) map[key] = plain(value, made);
  return map;
}
