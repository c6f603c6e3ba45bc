import type { Span } from './lineTable';

/**
 * What an experiment file holds, with places, free of the YAML library. An alias is the very node
 * that it refers to, so a node can have several parents and its span lies where it was written.
 */
export type DocumentNode = ScalarNode | SequenceNode | MappingNode;

interface Measured {
  readonly span: Span;
  /** Count of nodes, aliases counted as what they stand for. */
  readonly size: number;
  /** Count of levels: 1 for a scalar. */
  readonly height: number;
}

export interface ScalarNode extends Measured {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The text as it was written, without quotes and escapes: `1.50` for the number 1.5. */
  readonly source: string;
}

export interface SequenceNode extends Measured {
  readonly kind: 'sequence';
  readonly items: readonly DocumentNode[];
}

export interface MappingNode extends Measured {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, MappingEntry>;
}

export interface MappingEntry {
  readonly keySpan: Span;
  readonly value: DocumentNode;
}
