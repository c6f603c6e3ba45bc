/** A place in the tree of keys that can be opened. Prefixes are the first bytes of all names below it. */
export type KeyFolder =
  | { readonly kind: 'root' }
  /** Names that begin alike, up to and with a delimiter. */
  | { readonly kind: 'prefix'; readonly prefix: Uint8Array }
  /** A SmartRedis dataset: `…{name}.`, with its metadata and its tensors. */
  | { readonly kind: 'dataset'; readonly prefix: Uint8Array }
  /** AI models and scripts of a cluster, which lie on every shard under a prefix of that shard. */
  | { readonly kind: 'aiModels' }
  /** What SmartRedis clients that ended in the middle of a model's run have left: `….TMP`. */
  | { readonly kind: 'leftovers' };

/**
 * A row of the tree of keys. What a key holds is asked for apart, and only for rows that are shown. A label is what the row
 * adds to the prefix of its folder; it is empty for the key whose name is that prefix.
 */
export type KeyRow =
  | {
      readonly kind: 'folder';
      readonly folder: KeyFolder;
      readonly label: Uint8Array;
      /** Names below it that are known so far; once in each place where they were found, until the names are complete. */
      readonly keys: number;
    }
  | {
      readonly kind: 'dataset';
      readonly folder: KeyFolder;
      readonly label: Uint8Array;
      /** What stands between the braces. */
      readonly name: Uint8Array;
      /** The key of its hash of metadata: where that is not known, nothing is called a dataset. */
      readonly metadata: Uint8Array;
      /** Counted like the keys of a folder. */
      readonly tensors: number;
    }
  | {
      readonly kind: 'aiModel';
      readonly label: Uint8Array;
      /** As SmartRedis programs call it: without prefix of a shard and without `.GPU:n`. */
      readonly name: Uint8Array;
      readonly keys: readonly Uint8Array[];
    }
  | { readonly kind: 'key'; readonly key: Uint8Array; readonly label: Uint8Array };

/** Which rows of a folder are wanted. */
export interface RowRequest {
  /** Where an earlier page ended: its `next`. Without it the folder's beginning. */
  readonly after?: Uint8Array;
  /** Rows that are passed over first. */
  readonly from: number;
  readonly most: number;
  /** Bytes of names of a page, those that are passed over included; one row may have more. Without it as many as there are. */
  readonly mostBytes?: number;
}

/** A part of the rows of a folder. */
export interface RowPage {
  readonly rows: readonly KeyRow[];
  /** Rows of the folder from the place where the request began, as far as they were counted: all, where `rest` is 0. */
  readonly total: number;
  /** Names behind the last row that was counted. */
  readonly rest: number;
  /**
   * `natural`: `step_2` before `step_10`, as people count. `bytes`: too many rows for that. A folder that has grown beyond the
   * one while it was paged begins again with the other: then this is not what the page before had.
   */
  readonly order: RowOrder;
  /** Where the next page begins, also when names have come in between; absent behind the last row. */
  readonly next?: Uint8Array;
  /** Every name of the folder is known: only then is what is not here not there. */
  readonly complete: boolean;
}

export type RowOrder = 'natural' | 'bytes';
