import type { RowSort } from './rowSort';
import { utf8 } from '../../../core/base/bytes';
import type { KeyFolder, KeyRow, RowPage } from '../../../core/keyspace/tree/keyRow';
import type { KeyDetails } from '../../../core/value/details/keyDetails';
import { folderText, kindText } from '../../wording/kindWords';
import { bytesText, countText, keysText, timeText } from '../../wording/quantityWords';
import type { Wording } from '../../wording/wording';
import { described, type NodeIcon, type RowLook } from '../viewNode';
import { datasetIcon, folderIcon, keyIcon, kindIcon, leftoversIcon, modelIcon, moreIcon } from './keyIcons';
import { keyId, rowId } from './rowId';

/** What a row of the Keys view stands for. */
export type KeySubject =
  | KeyRow
  /** Further rows of a folder; `folder` is its row's id. */
  | { readonly kind: 'more'; readonly folder: string };

/** What can be done with a row; menus ask for these words. */
export type KeyCapability =
  /** It is one key, or has one that can be opened. */
  'hasKey' | 'hasPrefix' | 'isTensor' | 'isString' | 'canChange';

/** A row of the Keys view; what is below it is asked for when it is opened. */
export interface KeyNode extends RowLook {
  readonly subject: KeySubject;
  readonly capabilities: readonly KeyCapability[];
  /** Whether there are rows below it. */
  readonly opens: boolean;
}

/** What nodes are made from besides rows. */
export interface KeyContext {
  readonly wording: Wording;
  /** Wall clock, milliseconds: decides only whether a time is shown with its date. */
  readonly now: number;
  /** Bytes of a name for people. */
  readonly display: (name: Uint8Array) => string;
  /** What is known of a key, if it was asked for. */
  readonly details: (key: Uint8Array) => KeyDetails | undefined;
  /** Whether anything may be changed in this database. */
  readonly changeable: boolean;
}

/** The value that menus test: `tensor;hasKey;isTensor`. */
export function keyContextValue({ subject, capabilities }: KeyNode): string {
  return [subject.kind, ...capabilities].join(';');
}

/** The keys whose details a row shows. */
export function detailedKeys(row: KeyRow): readonly Uint8Array[] {
  switch (row.kind) {
    case 'key':
      return [row.key];
    case 'dataset':
      return [row.metadata];
    case 'aiModel':
      return row.keys.slice(0, 1);
    case 'folder':
      return [];
  }
}

/** The row of a key, a folder, a dataset or an AI model. */
export function keyNode(row: KeyRow, context: KeyContext): KeyNode {
  switch (row.kind) {
    case 'key':
      return singleKeyNode(row, context);
    case 'folder':
      return folderNode(row, context);
    case 'dataset':
      return datasetNode(row, context);
    case 'aiModel':
      return modelNode(row, context);
  }
}

/** The row that asks for further ones: of those that are sorted by what their keys hold, and of others, so many are shown. */
export function moreNode(
  folder: string,
  page: Pick<RowPage, 'rows' | 'total' | 'rest'> & { readonly shown: number },
  sort: RowSort,
  { wording }: KeyContext,
): KeyNode {
  const { t } = wording;
  const shown = countText(page.shown, wording);
  const rest = page.rest > 0 ? page.rest : page.total - page.rows.length;
  const description =
    sort !== 'name' && rest > 0
      ? t('{shown} of {sorted} that are sorted, {rest} more are not', {
          shown,
          sorted: countText(page.rows.length, wording),
          rest: countText(rest, wording),
        })
      : page.rest > 0
        ? t('{shown} shown, {rest} keys behind', { shown, rest: countText(rest, wording) })
        : t('{shown} of {total}', { shown, total: countText(page.total, wording) });
  const label = t('Load More');
  return {
    id: `more:${folder}`,
    label,
    description,
    tooltip: [description],
    icon: moreIcon,
    spoken: described(label, description),
    subject: { kind: 'more', folder },
    capabilities: [],
    opens: false,
  };
}

/** Rows of the keys of an AI model: one for each shard and device. */
export function modelKeyRows({ keys }: Extract<KeyRow, { kind: 'aiModel' }>): readonly KeyRow[] {
  return keys.map((key) => ({ kind: 'key', key, label: key }));
}

function singleKeyNode(row: Extract<KeyRow, { kind: 'key' }>, context: KeyContext): KeyNode {
  const { wording, display } = context;
  const { t } = wording;
  const name = display(row.key);
  const details = context.details(row.key);
  const label = row.label.length === 0 ? emptyLabel(row, context) : display(row.label);
  const kind = details === undefined ? undefined : kindText(details.kind, t);
  const facts = details === undefined ? [] : factsOf(details, context);
  return {
    id: keyId(row.key),
    label,
    description: described(...facts),
    tooltip: [
      name,
      ...(kind === undefined ? [] : [kind]),
      ...(details === undefined ? [] : detailLines(details, context)),
    ],
    icon: details === undefined ? keyIcon : kindIcon(details.kind),
    spoken: described(kind === undefined ? label : t('{kind} {name}', { kind, name: label }), ...facts),
    subject: row,
    capabilities: [
      'hasKey',
      ...(details?.kind === 'tensor' ? ['isTensor' as const] : []),
      ...(details?.kind === 'string' ? ['isString' as const] : []),
      ...(context.changeable ? ['canChange' as const] : []),
    ],
    opens: false,
  };
}

/** The key that is called like the folder in which it stands, or has no name at all. */
function emptyLabel({ key }: Extract<KeyRow, { kind: 'key' }>, { wording, display }: KeyContext): string {
  return key.length === 0 ? wording.t('(empty name)') : display(key);
}

function folderNode(row: Extract<KeyRow, { kind: 'folder' }>, context: KeyContext): KeyNode {
  const { wording } = context;
  const { t } = wording;
  const { label, hint, icon } = folderWords(row.folder, row.label, context);
  const keys = keysText(row.keys, wording);
  return {
    id: rowId(row),
    label,
    description: keys,
    tooltip: [hint, keys],
    icon,
    spoken: described(t('Folder {name}', { name: label }), keys),
    subject: row,
    capabilities: [
      ...(row.folder.kind === 'prefix' ? ['hasPrefix' as const] : []),
      ...(context.changeable ? ['canChange' as const] : []),
    ],
    opens: true,
  };
}

function folderWords(
  folder: KeyFolder,
  label: Uint8Array,
  { wording: { t }, display }: KeyContext,
): { readonly label: string; readonly hint: string; readonly icon: NodeIcon } {
  switch (folder.kind) {
    case 'aiModels':
      return {
        label: folderText(folder.kind, t),
        hint: t('A cluster holds each of them on every shard.'),
        icon: modelIcon,
      };
    case 'leftovers':
      return {
        label: folderText(folder.kind, t),
        hint: t('SmartRedis programs that ended in the middle of a model’s run have left these.'),
        icon: leftoversIcon,
      };
    case 'root':
    case 'prefix':
    case 'dataset':
      return {
        label: display(label),
        hint: t('Keys that begin with {prefix}', {
          prefix: folder.kind === 'root' ? '' : display(folder.prefix),
        }),
        icon: folderIcon,
      };
  }
}

function datasetNode(row: Extract<KeyRow, { kind: 'dataset' }>, context: KeyContext): KeyNode {
  const { wording, display } = context;
  const { t } = wording;
  const label = display(row.name);
  const details = context.details(row.metadata);
  const tensors =
    row.tensors === 1 ? t('1 tensor') : t('{count} tensors', { count: countText(row.tensors, wording) });
  const facts = [tensors, ...(details?.complete === false ? [t('not complete')] : [])];
  return {
    id: rowId(row),
    label,
    description: described(...facts),
    tooltip: [
      t('Dataset {name}', { name: label }),
      ...facts,
      t('Metadata: {key}', { key: display(row.metadata) }),
      ...(details === undefined ? [] : rightLines(details, context)),
    ],
    icon: datasetIcon,
    spoken: described(t('Dataset {name}', { name: label }), ...facts),
    subject: row,
    capabilities: ['hasKey', 'hasPrefix', ...(context.changeable ? ['canChange' as const] : [])],
    opens: true,
  };
}

function modelNode(row: Extract<KeyRow, { kind: 'aiModel' }>, context: KeyContext): KeyNode {
  const { wording, display } = context;
  const { t } = wording;
  const label = display(row.name);
  const [first] = row.keys;
  const details = first === undefined ? undefined : context.details(first);
  const kind = kindText(details?.kind === 'script' ? 'script' : 'mlModel', t);
  const copies =
    row.keys.length === 1 ? undefined : t('{count} copies', { count: countText(row.keys.length, wording) });
  const facts = [...(details === undefined ? [] : factsOf(details, context)), copies];
  return {
    id: rowId(row),
    label,
    description: described(...facts),
    tooltip: [
      t('{kind} {name}', { kind, name: label }),
      ...(details === undefined ? [] : detailLines(details, context)),
    ],
    icon: details === undefined ? modelIcon : kindIcon(details.kind),
    spoken: described(t('{kind} {name}', { kind, name: label }), ...facts),
    subject: row,
    capabilities: ['hasKey', ...(context.changeable ? ['canChange' as const] : [])],
    opens: true,
  };
}

/** What is known of a value, as short as a row needs it. */
function factsOf(details: KeyDetails, { wording, display, now }: KeyContext): readonly string[] {
  const { t } = wording;
  const { kind, shape, bytes, length, expiresAt } = details;
  const shown = (text: string | undefined): string | undefined => text && display(utf8(text));
  const dtype = shown(details.dtype);
  const [backend, device] = [shown(details.model?.backend), shown(details.model?.device)];
  const missing = details.missing.length > 0 || details.refusal !== undefined;
  return [
    kind === 'gone' ? t('gone') : undefined,
    kind === 'unknown' ? t('unknown') : undefined,
    kind === 'module' ? details.type && display(utf8(details.type)) : undefined,
    dtype === undefined ? undefined : `${dtype} ${shapeText(shape ?? [], wording)}`,
    bytes === undefined ? undefined : bytesText(bytes, wording),
    length === undefined ? undefined : lengthText(details, length, wording),
    described(backend, device),
    typeof expiresAt === 'number'
      ? t('until {time}', { time: timeText(expiresAt, wording, now) })
      : undefined,
    missing && kind !== 'unknown' ? t('partly unknown') : undefined,
  ].flatMap((fact) => (fact === undefined || fact === '' ? [] : fact));
}

function exactSizeText(bytes: number, wording: Wording): string {
  const { t } = wording;
  if (bytes === 1) return t('1 byte');
  const exact = t('{bytes} bytes', { bytes: countText(bytes, wording) });
  return bytes < 1024 ? exact : `${bytesText(bytes, wording)} (${exact})`;
}

function lengthText({ kind }: KeyDetails, length: number, wording: Wording): string {
  const { t } = wording;
  const count = countText(length, wording);
  switch (kind) {
    case 'hash':
    case 'dataset':
      return length === 1 ? t('1 field') : t('{count} fields', { count });
    case 'aggregationList':
      return length === 1 ? t('1 dataset') : t('{count} datasets', { count });
    case 'list':
      return length === 1 ? t('1 element') : t('{count} elements', { count });
    case 'stream':
      return length === 1 ? t('1 entry') : t('{count} entries', { count });
    default:
      return length === 1 ? t('1 member') : t('{count} members', { count });
  }
}

function shapeText(shape: readonly number[], { t }: Wording): string {
  return shape.length === 0 ? t('scalar') : shape.join(' × ');
}

/** All that is known of a value, one fact a line. */
function detailLines(details: KeyDetails, context: KeyContext): readonly string[] {
  const { wording, now, display } = context;
  const { t } = wording;
  const { type, shape, bytes, length, expiresAt, model } = details;
  const dtype = details.dtype && display(utf8(details.dtype));
  return [
    ...(dtype === undefined
      ? []
      : [t('Elements: {dtype}', { dtype }), t('Shape: {shape}', { shape: shapeText(shape ?? [], wording) })]),
    ...(bytes === undefined ? [] : [t('Size: {size}', { size: exactSizeText(bytes, wording) })]),
    ...(length === undefined
      ? []
      : [t('Length: {length}', { length: lengthText(details, length, wording) })]),
    ...(model?.backend === undefined
      ? []
      : [t('Backend: {backend}', { backend: display(utf8(model.backend)) })]),
    ...(model?.device === undefined ? [] : [t('Device: {device}', { device: display(utf8(model.device)) })]),
    ...(model?.tag === undefined || model.tag === ''
      ? []
      : [t('Tag: {tag}', { tag: display(utf8(model.tag)) })]),
    ...(typeof expiresAt === 'number'
      ? [t('Expires: {time}', { time: timeText(expiresAt, wording, now) })]
      : []),
    ...(expiresAt === null ? [t('Does not expire')] : []),
    ...(type === undefined ? [] : [t('Type in the server: {type}', { type: display(utf8(type)) })]),
    ...rightLines(details, context),
  ];
}

/** What could not be learnt, and why. */
function rightLines(
  { missing, refusal }: KeyDetails,
  { wording: { t }, display }: KeyContext,
): readonly string[] {
  return [
    ...(missing.length === 0 ? [] : [t('Rights that are missing: {rights}', { rights: missing.join(', ') })]),
    ...(refusal === undefined ? [] : [t('The server said: {words}', { words: display(utf8(refusal)) })]),
  ];
}
