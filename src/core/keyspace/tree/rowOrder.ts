import { compareBytes } from '../names/compareBytes';
import type { KeyRow } from './keyRow';
import { compareNaturally } from './naturalOrder';

/** Where a row stands among those of its folder, in the order of people. */
export interface RowPlace {
  /** What is no name stands before all names. */
  readonly rank: number;
  readonly label: Uint8Array;
  /** Copies of one leftover on several shards bear one label. */
  readonly key: Uint8Array;
}

const nothing = new Uint8Array();

export function placeOf(row: KeyRow): RowPlace {
  const { label } = row;
  if (row.kind === 'folder' && row.folder.kind === 'aiModels') return { rank: 0, label, key: nothing };
  if (row.kind === 'folder' && row.folder.kind === 'leftovers') return { rank: 1, label, key: nothing };
  return { rank: 2, label, key: row.kind === 'key' ? row.key : nothing };
}

export function comparePlaces(a: RowPlace, b: RowPlace): number {
  return a.rank - b.rank || compareNaturally(a.label, b.label) || compareBytes(a.key, b.key);
}
