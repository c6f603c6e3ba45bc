import type { SortedNames } from '../names/sortedNames';
import { FolderWalk, type WalkedRow } from './folderWalk';
import type { KeyGrouping } from './keyGrammar';
import type { KeyFolder, KeyRow, RowPage, RowRequest } from './keyRow';
import { readMark, writeMark } from './pageMark';
import { comparePlaces, placeOf } from './rowOrder';
import { rootRows } from './rootRows';
import { ShardNames } from './shardNames';
import { leftoverRows, modelRows } from './shardRows';
import type { WalkMark } from './walkMark';

/** More rows than these keep the order of their bytes: to put rows into the order of people, all have to be made. */
export const mostInNaturalOrder = 1000;
/** The same in bytes of names: some have a mebibyte. */
const mostBytesInNaturalOrder = 4 * 1024 ** 2;

/** Rows of a folder. What that costs depends on the rows that are counted, not on the names below them. */
export function rowsOf(
  names: SortedNames,
  folder: KeyFolder,
  { after, from, most, mostBytes = Infinity }: RowRequest,
  grouping: KeyGrouping,
): RowPage {
  const mark = after === undefined ? undefined : readMark(after);
  const begin = take(walk(names, folder, grouping), mostInNaturalOrder, mostBytesInNaturalOrder);
  const { complete } = names;
  if (begin.ended) {
    const rows = begin.rows.map(({ row }) => row).sort(compareRows);
    const behind =
      mark?.order === 'natural' ? rows.filter((row) => comparePlaces(placeOf(row), mark.place) > 0) : rows;
    const page = behind.slice(from, from + most);
    const last = behind.length > from + most ? page.at(-1) : undefined;
    const next = last === undefined ? {} : { next: writeMark({ order: 'natural', place: placeOf(last) }) };
    return { rows: page, total: behind.length, rest: 0, order: 'natural', ...next, complete };
  }
  const resumed = mark?.order === 'bytes' ? mark.walk : undefined;
  const isBegin = resumed === undefined && from + most <= begin.rows.length && begin.bytes <= mostBytes;
  const wanted = isBegin
    ? { rows: begin.rows.slice(0, from + most), ended: false }
    : take(walk(names, folder, grouping, resumed), from + most, mostBytes);
  const last = wanted.ended ? undefined : wanted.rows.at(-1);
  return {
    rows: wanted.rows.slice(from).map(({ row }) => row),
    total: wanted.rows.length,
    rest: last?.rest.count ?? 0,
    order: 'bytes',
    ...(last === undefined ? {} : { next: writeMark({ order: 'bytes', walk: last.mark }) }),
    complete,
  };
}

function walk(
  names: SortedNames,
  folder: KeyFolder,
  grouping: KeyGrouping,
  after?: WalkMark,
): Generator<WalkedRow> {
  const shards = new ShardNames(names, grouping.shardPrefixes);
  switch (folder.kind) {
    case 'root':
      return rootRows(names, grouping, shards, after);
    case 'prefix':
    case 'dataset':
      return new FolderWalk(names, folder.prefix, grouping, shards).rows(after);
    case 'aiModels':
      return modelRows(shards, after);
    case 'leftovers':
      return leftoverRows(shards, after);
  }
}

interface TakenRows {
  readonly rows: readonly WalkedRow[];
  /** Of their names. */
  readonly bytes: number;
  /** There are no more. */
  readonly ended: boolean;
}

/** The first rows: one at least, no more than `most`, and none behind the one with which their names reach `mostBytes`. */
function take(walked: Generator<WalkedRow>, most: number, mostBytes: number): TakenRows {
  const rows: WalkedRow[] = [];
  let bytes = 0;
  for (const found of walked) {
    if (rows.length === most || bytes >= mostBytes) return { rows, bytes, ended: false };
    rows.push(found);
    bytes += nameBytes(found.row);
  }
  return { rows, bytes, ended: true };
}

function nameBytes(row: KeyRow): number {
  switch (row.kind) {
    case 'key':
      return row.key.length;
    case 'aiModel':
      return row.keys.reduce((sum, { length }) => sum + length, row.name.length);
    case 'folder':
    case 'dataset':
      return row.label.length;
  }
}

function compareRows(a: KeyRow, b: KeyRow): number {
  return comparePlaces(placeOf(a), placeOf(b));
}
