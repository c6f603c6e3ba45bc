/** Names in the order of their bytes, each once. */
export interface NameRun {
  readonly count: number;
  /** A name; not to be written to, nor kept over a change of the names. */
  nameAt(place: number): Uint8Array;
  /** Below 0, 0 or above 0, as the name is before, equal to or behind the bytes. */
  compare(place: number, bytes: Uint8Array): number;
  /** The same for the name's first bytes, as many as the prefix has: 0 where the name begins with it. */
  compareStart(place: number, prefix: Uint8Array): number;
  /** The first place behind `from`, or `to`, whose name does not share its first `length` bytes with the one at `from`, which is as long. */
  endOfShared(from: number, to: number, length: number): number;
}

/** Names of a keyspace, or those of them that are looked for. */
export interface SortedNames {
  /** While names come in, several; a name may be in more than one of them until they are one. */
  readonly runs: readonly NameRun[];
  /** Every name is known and has its place: what is not here is not there. */
  readonly complete: boolean;
  /** Whether the keyspace has the name, looked for or not. */
  knows(name: Uint8Array): boolean;
}
