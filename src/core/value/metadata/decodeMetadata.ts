import { elementValues, type ElementValue } from '../../tensor/elementValues';

/** Types of metadata as SmartRedis numbers them. */
const types = [undefined, 'DOUBLE', 'FLOAT', 'INT32', 'INT64', 'UINT32', 'UINT64', 'STRING'] as const;

export type MetadataType = Exclude<(typeof types)[number], undefined>;

/** Values of one field of a dataset's metadata. INT64 and UINT64 as text; so are NaN and the infinities. */
export type MetadataField =
  | { readonly type: 'STRING'; readonly values: readonly Uint8Array[] }
  | { readonly type: Exclude<MetadataType, 'STRING'>; readonly values: readonly ElementValue[] };

const sizes: Readonly<Record<Exclude<MetadataType, 'STRING'>, number>> = {
  ...{ DOUBLE: 8, FLOAT: 4, INT32: 4, INT64: 8, UINT32: 4, UINT64: 8 },
};

/** Reads a field as SmartRedis 0.2 and later write it; in words why it is none. */
export function decodeMetadata(bytes: Uint8Array): MetadataField | string {
  const [id] = bytes;
  if (id === undefined) return 'it is empty, and not even its type is there';
  const type = types[id];
  if (type === undefined) return `it begins with the type ${id}, and SmartRedis has the types 1 to 7`;
  const rest = bytes.subarray(1);
  return type === 'STRING' ? decodeTexts(rest) : decodeNumbers(type, rest);
}

function decodeNumbers(type: Exclude<MetadataType, 'STRING'>, bytes: Uint8Array): MetadataField | string {
  const size = sizes[type];
  if (bytes.length % size !== 0) return `it has ${bytes.length} bytes of ${type}, which are not whole values`;
  if (type !== 'UINT32' && type !== 'UINT64') return { type, values: elementValues(type, bytes) };
  // Values lie anywhere: a typed array would want them aligned.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = Array.from({ length: bytes.length / size }, (_, at) =>
    type === 'UINT32' ? view.getUint32(at * size, true) : String(view.getBigUint64(at * size, true)),
  );
  return { type, values };
}

/** Each is its length in eight bytes, and then its bytes. */
function decodeTexts(bytes: Uint8Array): MetadataField | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const left = bytes.length - at - 8;
    if (left < 0) return `text ${values.length} ends within its length`;
    const length = view.getBigUint64(at, true);
    if (length > BigInt(left))
      return `text ${values.length} says that it has ${length} bytes, and ${left} follow`;
    values.push(bytes.subarray(at + 8, at + 8 + Number(length)));
    at += 8 + Number(length);
  }
  return { type: 'STRING', values };
}
