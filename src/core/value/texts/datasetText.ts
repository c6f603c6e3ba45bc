import type { KeyDetails } from '../details/keyDetails';
import { decodeMetadata, type MetadataField } from '../metadata/decodeMetadata';
import { shortLine } from './collection';
import { elementText } from './nestedText';
import { visibleWord } from './visibleText';

/** What was read of a dataset. */
export interface DatasetParts {
  /** What stands in braces. */
  readonly name: Uint8Array;
  readonly complete: boolean;
  /** The field `.tensor_names`; undefined where it is missing or was not read. */
  readonly tensorNames: Uint8Array | undefined;
  /** It was not read, and is perhaps there. */
  readonly namesUnread: boolean;
  /** All other fields that were read. */
  readonly fields: readonly (readonly [name: Uint8Array, value: Uint8Array])[];
  /** Of the tensors that `tensorNames` names, in its order. */
  readonly tensors: readonly KeyDetails[];
}

/** Values of a field that are shown. */
const mostValues = 20;

/** Metadata and tensors of a dataset in lines. */
export function datasetLines({
  name,
  complete,
  tensorNames,
  namesUnread,
  fields,
  tensors,
}: DatasetParts): readonly string[] {
  const decoded = fields.map(([field, value]) => [field, decodeMetadata(value)] as const);
  return [
    `# dataset ${shortLine(name)}`,
    complete
      ? '# all of it was written (.COMPLETE)'
      : '# .COMPLETE is missing: it is being written, or SmartRedis before 0.3 wrote it',
    '',
    'tensors:',
    ...(namesUnread ? ['  .tensor_names was not read'] : tensorLines(tensorNames, tensors)),
    '',
    'metadata:',
    ...(decoded.length === 0 ? ['  none'] : decoded.map(([field, value]) => `  ${fieldLine(field, value)}`)),
    ...xarrayLines(decoded),
  ];
}

/** The names in `.tensor_names`; in words why they cannot be read. */
export function tensorNamesIn(value: Uint8Array): readonly Uint8Array[] | string {
  const field = decodeMetadata(value);
  if (typeof field === 'string') return field;
  return field.type === 'STRING' ? field.values : `it holds ${field.type} where names were to be`;
}

function tensorLines(value: Uint8Array | undefined, tensors: readonly KeyDetails[]): readonly string[] {
  if (value === undefined) return ['  none'];
  const names = tensorNamesIn(value);
  if (typeof names === 'string') return [`  .tensor_names cannot be read: ${names}`];
  const lines = names
    .slice(0, tensors.length)
    .map((name, at) => `  ${shortLine(name)}: ${tensorWords(tensors[at])}`);
  const more = names.length - tensors.length;
  return more > 0 ? [...lines, `  … and ${more} more`] : lines;
}

function tensorWords(details: KeyDetails | undefined): string {
  if (details?.kind === 'gone') return 'missing, though the dataset names it';
  if (details?.dtype === undefined) return details?.kind === 'tensor' ? 'a tensor' : 'no tensor';
  const { dtype, shape = [], bytes } = details;
  const size = bytes === undefined ? '' : `, ${bytes} bytes`;
  return `${visibleWord(dtype)} ${shape.length === 0 ? 'scalar' : shape.join(' × ')}${size}`;
}

function fieldLine(name: Uint8Array, field: MetadataField | string): string {
  if (typeof field === 'string') return `${shortLine(name)}: # cannot be read: ${field}`;
  const all = field.values;
  const shown = field.type === 'STRING' ? field.values.slice(0, mostValues).map(quoted) : numbersOf(field);
  const more = all.length > mostValues ? `, … ${all.length} in all` : '';
  return `${shortLine(name)}: ${field.type} [${shown.join(', ')}${more}]`;
}

function numbersOf(field: Exclude<MetadataField, { readonly type: 'STRING' }>): readonly string[] {
  return field.values.slice(0, mostValues).map(elementText);
}

function quoted(text: Uint8Array): string {
  return `"${shortLine(text).replaceAll('"', String.raw`\"`)}"`;
}

/** The convention by which SmartRedis' Python client finds xarray's arrays in a dataset. */
function xarrayLines(decoded: readonly (readonly [Uint8Array, MetadataField | string])[]): readonly string[] {
  const texts = new Map<string, string>();
  for (const [name, field] of decoded)
    if (typeof field !== 'string' && field.type === 'STRING' && field.values[0] !== undefined)
      texts.set(Buffer.from(name).toString('latin1'), shortLine(field.values[0]));
  const names = decoded.find(([name]) => Buffer.from(name).toString('latin1') === '_xarray_data_names')?.[1];
  if (names === undefined || typeof names === 'string' || names.type !== 'STRING') return [];
  const told = (variable: string, what: string): string =>
    texts.get(`_xarray_${variable}_${what}_names`) ?? 'not told';
  return [
    '',
    'xarray:',
    ...names.values.slice(0, mostValues).map((value) => {
      const variable = Buffer.from(value).toString('latin1');
      const [dims, coords, attributes] = ['dim', 'coord', 'attr'].map((what) => told(variable, what));
      return `  ${shortLine(value)}: dimensions ${dims ?? ''}; coordinates ${coords ?? ''}; attributes ${attributes ?? ''}`;
    }),
  ];
}
