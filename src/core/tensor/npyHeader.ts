import type { TensorType } from './tensorType';

/** What the head of a `.npy` file says of the elements behind it. */
export interface NpyHeader {
  readonly type: TensorType;
  /** Of an element in the file. */
  readonly bytes: number;
  readonly bigEndian: boolean;
  /** Texts: as bytes that are filled up with NULs, or as 32-bit characters. */
  readonly text?: 'bytes' | 'characters';
  /** Column by column; else row by row. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Bytes before the first element. */
  readonly dataOffset: number;
}

/** Why a file is no `.npy` file that could become a tensor: in words, or the type that no tensor has. */
export type NpyFault = { readonly reason: string } | { readonly unsupportedType: string };

/** Bytes that are enough to know how long the header is. */
export const npyPrefixBytes = 12;

/** No header of an array is longer: it holds a type and a shape. */
const longestHeader = 1024 ** 2;

const magic = '\x93NUMPY';

const types: readonly (readonly [npy: string, TensorType])[] = [
  ['f4', 'FLOAT'],
  ['f8', 'DOUBLE'],
  ['i1', 'INT8'],
  ['i2', 'INT16'],
  ['i4', 'INT32'],
  ['i8', 'INT64'],
  ['u1', 'UINT8'],
  ['u2', 'UINT16'],
  ['b1', 'BOOL'],
];

/** Bytes before the elements, read from the first `npyPrefixBytes` of a file. */
export function npyDataOffset(prefix: Uint8Array): number | NpyFault {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  if (prefix.length < npyPrefixBytes || Buffer.from(prefix.subarray(0, 6)).toString('latin1') !== magic)
    return { reason: 'it does not begin as a .npy file does' };
  const version = view.getUint8(6);
  if (version < 1 || version > 3) return { reason: `its version ${version} is not known` };
  const offset = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  return offset > longestHeader ? { reason: 'its header is too long' } : offset;
}

/** Reads a whole header, which is `npyDataOffset` bytes long. */
export function parseNpyHeader(head: Uint8Array): NpyHeader | NpyFault {
  const text = Buffer.from(head.subarray(head[6] === 1 ? 10 : 12)).toString('utf8');
  const descr = /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[.*?\])\s*,)/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text)?.[1];
  const written = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (descr === null || order === undefined || written === undefined)
    return { reason: 'its header does not tell type, order and shape' };
  const [, name = descr[2] ?? ''] = descr;
  const element = elementOf(name);
  if (element === undefined) return { unsupportedType: name };
  const shape = (written.match(/\d+/g) ?? []).map(Number);
  if (!shape.every(Number.isSafeInteger)) return { reason: 'its shape is too large' };
  return { ...element, fortranOrder: order === 'True', shape, dataOffset: head.length };
}

function elementOf(descr: string): Pick<NpyHeader, 'type' | 'bytes' | 'bigEndian' | 'text'> | undefined {
  const [, order, kind = '', width = ''] = /^([<>|=]?)([a-zA-Z])(\d+)$/.exec(descr) ?? [];
  const bigEndian = order === '>';
  if (kind === 'S') return { type: 'STRING', bytes: Number(width), bigEndian: false, text: 'bytes' };
  if (kind === 'U') return { type: 'STRING', bytes: 4 * Number(width), bigEndian, text: 'characters' };
  const type = types.find(([npy]) => npy === `${kind}${width}`)?.[1];
  return type === undefined ? undefined : { type, bytes: Number(width), bigEndian };
}

/**
 * The head of a `.npy` file (version 1, or 2 where the shape needs it) whose elements come row by row.
 * `textBytes`: of an element of STRING, which are filled up with NULs.
 */
export function npyHeader(type: TensorType, shape: readonly number[], textBytes = 1): Uint8Array {
  const npy = types.find(([, name]) => name === type)?.[0] ?? `S${textBytes}`;
  const order = /^(S|[iub]1)/.test(npy) ? '|' : '<';
  const lengths = shape.map((length) => `${length},`).join(' ');
  // One length needs its comma, several want none at the end.
  const tuple = shape.length === 1 ? lengths : lengths.replace(/,$/, '');
  const text = `{'descr': '${order}${npy}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const version = text.length > 65_000 ? 2 : 1;
  const lead = version === 1 ? 10 : 12;
  // The elements begin at a multiple of 64, after a line break.
  const padded = `${text.padEnd(Math.ceil((lead + text.length + 1) / 64) * 64 - lead - 1)}\n`;
  const head = Buffer.alloc(lead);
  head.write(magic, 'latin1');
  head.writeUInt8(version, 6);
  if (version === 1) head.writeUInt16LE(padded.length, 8);
  else head.writeUInt32LE(padded.length, 8);
  return new Uint8Array(Buffer.concat([new Uint8Array(head), new TextEncoder().encode(padded)]));
}
