import type { ValueKind } from '../../../core/value/details/keyDetails';
import type { NodeIcon } from '../viewNode';

const faint = 'disabledForeground';
const doubtful = 'list.warningForeground';

/** Of a key whose kind is not known yet. */
export const keyIcon: NodeIcon = { name: 'symbol-key' };
export const folderIcon: NodeIcon = { name: 'folder' };
export const datasetIcon: NodeIcon = { name: 'package' };
export const modelIcon: NodeIcon = { name: 'circuit-board' };
export const leftoversIcon: NodeIcon = { name: 'trash' };
export const moreIcon: NodeIcon = { name: 'ellipsis' };

const icons: Readonly<Record<ValueKind, NodeIcon>> = {
  tensor: { name: 'symbol-array' },
  dataset: { name: 'note' },
  aggregationList: { name: 'library' },
  mlModel: modelIcon,
  script: { name: 'code' },
  string: { name: 'symbol-string' },
  hash: { name: 'symbol-object' },
  list: { name: 'list-unordered' },
  set: { name: 'layers' },
  zset: { name: 'list-ordered' },
  stream: { name: 'pulse' },
  module: { name: 'extensions' },
  gone: { name: 'circle-slash', color: faint },
  unknown: { name: 'question', color: doubtful },
};

/** The icon of a key that holds this. */
export function kindIcon(kind: ValueKind): NodeIcon {
  return icons[kind];
}
