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

/** A row of the tree of keys. What a key holds is asked for apart, and only for rows that are shown. */
export type KeyRow =
  | {
      readonly kind: 'folder';
      readonly folder: KeyFolder;
      /** The part of the prefix that the parent does not have. */
      readonly label: Uint8Array;
      /** Names below it that are known so far. */
      readonly keys: number;
    }
  | {
      readonly kind: 'dataset';
      readonly folder: KeyFolder;
      /** What stands between the braces. */
      readonly name: Uint8Array;
      /** Its hash of metadata, where its name was seen. */
      readonly metadata?: Uint8Array;
      readonly tensors: number;
    }
  | {
      readonly kind: 'aiModel';
      /** As SmartRedis programs call it: without prefix of a shard and without `.GPU:n`. */
      readonly name: Uint8Array;
      readonly keys: readonly Uint8Array[];
    }
  | { readonly kind: 'key'; readonly key: Uint8Array; readonly label: Uint8Array };

/** A part of the rows of a folder. */
export interface RowPage {
  readonly rows: readonly KeyRow[];
  /** Rows of the whole folder, as far as is known. */
  readonly total: number;
  /** Every name of the folder is known: only then is what is not here not there. */
  readonly complete: boolean;
}
