import { joinBytes } from '../../base/bytes';
import type { RowPlace } from './rowOrder';
import type { WalkMark } from './walkMark';

/** Where a page ended, in the order that it had. */
export type PageMark =
  | { readonly order: 'natural'; readonly place: RowPlace }
  | { readonly order: 'bytes'; readonly walk: WalkMark };

const walkKinds = ['special', 'after', 'behind', 'model'] as const;
const naturalKind = walkKinds.length;

/** As bytes, which whoever pages gives back as they are. */
export function writeMark(mark: PageMark): Uint8Array {
  if (mark.order === 'bytes')
    return joinBytes([Uint8Array.of(walkKinds.indexOf(mark.walk.kind)), mark.walk.bytes]);
  const { rank, label, key } = mark.place;
  const head = new DataView(new ArrayBuffer(6));
  head.setUint8(0, naturalKind);
  head.setUint8(1, rank);
  head.setUint32(2, label.length);
  return joinBytes([new Uint8Array(head.buffer), label, key]);
}

/** Throws a RangeError for bytes that are no mark. */
export function readMark(bytes: Uint8Array): PageMark {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kind = view.getUint8(0);
  if (kind === naturalKind) {
    const end = 6 + view.getUint32(2);
    const place = { rank: view.getUint8(1), label: bytes.subarray(6, end), key: bytes.subarray(end) };
    return { order: 'natural', place };
  }
  const walkKind = walkKinds[kind];
  if (walkKind === undefined) throw new RangeError('These bytes are no mark of a page.');
  return { order: 'bytes', walk: { kind: walkKind, bytes: bytes.subarray(1) } };
}
