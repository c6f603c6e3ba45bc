import type { DocumentPath, Problem } from '../base/problem';
import type { DocumentNode } from './documentNode';
import type { LineTable } from './lineTable';

/** An experiment file as it was written: whatever could be read of it, with places. */
export interface ExperimentDocument {
  /** Absolute path. */
  readonly file: string;
  /** Without a byte order mark, as an editor holds it. */
  readonly text: string;
  readonly lines: LineTable;
  /** Absent: nothing could be read. */
  readonly root?: DocumentNode;
  /** Whether the text is YAML throughout; otherwise parts of it may be missing from `root`. */
  readonly wellFormed: boolean;
  /** What was found while parsing. */
  readonly problems: readonly Problem[];
}

/** The node at a path; undefined where the document has none. */
export function nodeAt(document: ExperimentDocument, path: DocumentPath): DocumentNode | undefined {
  let node = document.root;
  for (const step of path) {
    if (node?.kind === 'mapping') node = node.entries.get(String(step))?.value;
    else if (node?.kind === 'sequence' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}
