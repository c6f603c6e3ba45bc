import { displayKey } from '../../core/redis/displayKey';
import { nestValues, type ElementValue, type NestedValues } from '../../core/tensor/elementValues';
import type { TensorHead } from '../../core/tensor/readTensor';
import {
  formatSelection,
  matricesOf,
  selectedCount,
  selectedShape,
  takesAll,
  type Selection,
} from '../../core/tensor/selection';
import type { TensorStatistics } from '../../core/tensor/tensorStatistics';
import { elementBytes, elementCount } from '../../core/tensor/tensorType';
import type { TensorView } from '../../core/tensor/viewTensor';
import { printableLine } from './printable';

/** Where a tensor lies. */
export interface TensorPlace {
  readonly run: string;
  readonly orchestrator: string;
  readonly shard: string;
}

/** What a tensor is, as `--json` tells it; part of the product. */
export interface TensorJson extends TensorPlace {
  /** For people. */
  readonly name: string;
  /** The bytes of the key, in base64. */
  readonly key: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Absent where each element has its own. */
  readonly bytes?: number;
}

export interface TensorViewJson extends TensorJson {
  /** What `values` are, as numpy writes it. */
  readonly slice: string;
  /** More was asked for than `slice`. */
  readonly partial: boolean;
  readonly statistics: TensorStatistics | null;
  readonly values: NestedValues;
}

export function describeTensor(
  place: TensorPlace,
  key: Uint8Array,
  { type, shape }: Pick<TensorHead, 'type' | 'shape'>,
): TensorJson {
  const each = elementBytes[type];
  return {
    name: displayKey(key),
    key: Buffer.from(key).toString('base64'),
    dtype: type,
    shape,
    ...(each === undefined ? {} : { bytes: each * elementCount(shape) }),
    ...place,
  };
}

export function viewToJson(
  tensor: TensorJson,
  { shown, partial, values, statistics }: TensorView,
): TensorViewJson {
  return {
    ...tensor,
    slice: formatSelection(shown),
    partial,
    statistics: statistics ?? null,
    values: nestValues(values, selectedShape(shown)),
  };
}

/** A tensor that was set from a file. */
export function renderSent(tensor: TensorJson, file: string): string {
  return `${headLine(tensor)}Set from ${printableLine(file)}.\n`;
}

/** A tensor that was written to a file, or a slice of it. */
export function renderSaved(tensor: TensorJson, saved: Selection, file: string): string {
  const what = takesAll(saved) ? '' : `Slice ${formatSelection(saved)}. `;
  return `${headLine(tensor)}${what}Written to ${printableLine(file)}.\n`;
}

/** A tensor for people: what it is, its statistics, and below them values, or a part of them. */
export function renderView(tensor: TensorJson, view: TensorView): string {
  const { shown, partial, statistics } = view;
  const of = elementCount(tensor.shape);
  const taken = selectedCount(shown);
  const head = taken === of ? '' : `${formatSelection(shown)}: ${taken} of ${of} elements\n`;
  const more = partial
    ? 'This is a part: `--slice` shows another, `--out FILE.npy` or `--out FILE.csv` writes everything.\n'
    : '';
  return `${headLine(tensor)}${statistics === undefined ? '' : statisticsLine(statistics)}${head}${blocksOf(view)}${more}`;
}

function headLine({ name, dtype, shape, bytes, shard }: TensorJson): string {
  const size = bytes === undefined ? '' : `, ${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  return `${printableLine(name)}: ${dtype} ${shape.length === 0 ? 'scalar' : shape.join(' × ')}${size}, in ${shard}\n`;
}

function statisticsLine(statistics: TensorStatistics): string {
  const { nans, positiveInfinities, negativeInfinities, min, max, mean, standardDeviation } = statistics;
  const odd = [
    [nans, 'NaN'],
    [positiveInfinities, 'Infinity'],
    [negativeInfinities, '-Infinity'],
  ] as const;
  const words = [
    ...(min === null || max === null || mean === null || standardDeviation === null
      ? ['nothing finite']
      : [
          `min ${shortValue(min)}, max ${shortValue(max)}, mean ${shortValue(mean)}`,
          `standard deviation ${shortValue(standardDeviation)}`,
        ]),
    ...odd.flatMap(([count, what]) => (count === 0 ? [] : [`${count} × ${what}`])),
  ];
  return `${words.join(', ')}\n`;
}

/** Characters of a line. */
const lineWidth = 100;

/** Matrices one below the other, each behind the slice that it is. */
function blocksOf({ type, shown, values }: TensorView): string {
  const kept = selectedShape(shown);
  const words = values.map(type === 'STRING' ? shortText : shortValue);
  const width = words.reduce((widest, { length }) => Math.max(widest, length), 0);
  const columns = kept.at(-1) ?? 1;
  const line = (row: number): string => renderRow(words.slice(row * columns, (row + 1) * columns), width);
  const rows = kept.at(-2) ?? 1;
  return matricesOf(shown)
    .map((matrix, index) => {
      const lines = Array.from({ length: rows }, (_, row) => line(index * rows + row)).join('');
      return kept.length > 2 ? `\n${formatSelection(matrix)}\n${lines}` : lines;
    })
    .join('');
}

/** Words below each other; a row that is too long goes on below, further in. */
function renderRow(words: readonly string[], width: number): string {
  const inLine = Math.max(1, Math.floor((lineWidth - 2) / (width + 2)));
  const lines = Array.from({ length: Math.ceil(words.length / inLine) }, (_, line) =>
    words.slice(line * inLine, (line + 1) * inLine).map((word) => `  ${word.padStart(width)}`),
  );
  return lines.map((line, index) => `${index === 0 ? '' : '  '}${line.join('')}\n`).join('');
}

/** Eight digits, as numpy shows them. */
function shortValue(value: ElementValue): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(8))) : String(value);
}

/** Characters of a text that is shown. */
const longestText = 60;

/** In quotes, and cut where it is long. */
function shortText(value: ElementValue): string {
  const text = String(value);
  const shown = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return printableLine(JSON.stringify(shown));
}
