import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import type { KeyDetails } from '../../../core/value/details/keyDetails';

/** By what the rows of a folder are ordered, as far as they are shown. */
export type RowSort = 'name' | 'size' | 'kind';

/** Folders and datasets stay before the keys; keys of which nothing is known yet come last. */
export function sortedRows(
  rows: readonly KeyRow[],
  by: RowSort,
  details: (key: Uint8Array) => KeyDetails | undefined,
): readonly KeyRow[] {
  if (by === 'name') return rows;
  const keys = rows.flatMap((row) => (row.kind === 'key' ? [{ row, known: details(row.key) }] : []));
  keys.sort(({ known: a }, { known: b }) =>
    by === 'size' ? sizeOf(b) - sizeOf(a) : compareTexts(a?.kind ?? '~', b?.kind ?? '~'),
  );
  return [...rows.filter(({ kind }) => kind !== 'key'), ...keys.map(({ row }) => row)];
}

/** Bytes, else the number of elements, which is mostly less; -1 where neither is known. */
function sizeOf(details: KeyDetails | undefined): number {
  return details?.bytes ?? details?.length ?? -1;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
