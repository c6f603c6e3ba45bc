import { RedisRefusal } from '../redisFailure';
import { HeldBytes } from './heldBytes';
import { KnownTexts } from './knownTexts';

/** Bounds on what a server can make us hold by one reply. What goes beyond them ends the connection. */
export interface ReplyBounds {
  /** All bytes of it. */
  readonly replyBytes: number;
  /** Elements of all of its lists. */
  readonly elements: number;
  /** Lists inside of lists. */
  readonly depth: number;
}

/**
 * Takes the parts of replies as they arrive. Lists come as their length, which may be a lie, then their elements. Bytes stand in
 * `source` from `from` to `to`, and are valid during the call alone, unless all of `source` is given away with it.
 */
export interface ReplyVisitor {
  nil(): void;
  integer(value: number | bigint): void;
  status(text: string): void;
  refusal(refusal: RedisRefusal): void;
  bytes(source: Uint8Array, from: number, to: number, given: boolean): void;
  list(length: number): void;
}

/** Who is told of replies. */
export interface ReplyListener {
  /** Who takes the next part of the reply that is arriving. */
  visitor(): ReplyVisitor;
  /** All of its parts were visited. `refusal`: it was one as a whole. */
  ended(refusal: RedisRefusal | undefined): void;
}

/** What came is no reply, or one beyond the bounds. Nothing that follows it can be understood. */
export class BrokenReply extends Error {}

const cr = 0x0d;
const lf = 0x0a;
const zero = 0x30;
const minus = 0x2d;
const kinds = { text: 0x24, list: 0x2a, integer: 0x3a, status: 0x2b, refusal: 0x2d };
/** Bytes of statuses that come again and again. */
const shortStatus = 32;
/** The longest line: a status or a refusal. */
const longestLine = 64 * 1024;
/** Each is an object with a stack, so a reply full of them would need many times its bytes. */
const mostRefusals = 1000;

/** Cuts a stream of RESP2 replies into its parts, and holds no more than one unfinished part. */
export class ReplyParser {
  /** What arrived of an unfinished part. */
  private readonly held = new HeldBytes();
  /** Bytes of the text that is arriving, its CRLF included; undefined between texts. */
  private textBytes: number | undefined;
  /** Elements that are missing of each list that is open. */
  private readonly open: number[] = [];
  /** Of the reply that is arriving. */
  private replyBytes = 0;
  private elements = 0;
  private refusals = 0;
  private readonly statuses = new KnownTexts();

  constructor(
    private readonly bounds: ReplyBounds,
    private readonly listener: ReplyListener,
  ) {}

  /** Takes the next bytes; they may be used again by the caller afterwards. Throws a BrokenReply. */
  take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length)
      at = this.textBytes === undefined ? this.takeLine(bytes, at) : this.takeText(bytes, at, this.textBytes);
  }

  private takeLine(bytes: Uint8Array, from: number): number {
    const quick = this.held.length > 0 ? undefined : this.takeQuickly(bytes, from);
    if (quick !== undefined) return quick;
    const end = bytes.indexOf(lf, from);
    const upTo = end < 0 ? bytes.length : end + 1;
    if (this.held.length + upTo - from > longestLine) throw new BrokenReply('a line without an end');
    const whole = this.whole(bytes.subarray(from, upTo), end >= 0, longestLine);
    if (whole !== undefined) this.line(whole.bytes);
    return upTo;
  }

  /** The most frequent lines without a look at them twice; undefined where it is another or has not come as a whole. */
  private takeQuickly(bytes: Uint8Array, from: number): number | undefined {
    const kind = bytes[from] ?? 0;
    if (kind === kinds.status) return this.takeStatus(bytes, from);
    const isNumber = kind === kinds.text || kind === kinds.list || kind === kinds.integer;
    return isNumber ? this.takeNumber(bytes, from, kind) : undefined;
  }

  /** `$36`, `:-1` */
  private takeNumber(bytes: Uint8Array, from: number, kind: number): number | undefined {
    const digits = bytes[from + 1] === minus ? from + 2 : from + 1;
    let value = 0;
    let at = digits;
    for (; at < digits + 15; at += 1) {
      const digit = (bytes[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === digits || bytes[at] !== cr || bytes[at + 1] !== lf) return undefined;
    this.number(kind, digits === from + 1 ? value : 0 - value, at + 2 - from);
    return at + 2;
  }

  /** `+string` */
  private takeStatus(bytes: Uint8Array, from: number): number | undefined {
    let at = from + 1;
    while (at < from + shortStatus && bytes[at] !== cr && bytes[at] !== lf) at += 1;
    if (bytes[at] !== cr || bytes[at + 1] !== lf) return undefined;
    this.begin(at + 2 - from).status(this.statuses.textOf(bytes, from + 1, at));
    this.end();
    return at + 2;
  }

  private takeText(bytes: Uint8Array, from: number, length: number): number {
    if (this.held.length === 0 && from + length <= bytes.length) {
      this.text(bytes, from, from + length, false);
      return from + length;
    }
    const upTo = Math.min(bytes.length, from + length - this.held.length);
    const ended = this.held.length + upTo - from === length;
    const whole = this.whole(bytes.subarray(from, upTo), ended, length);
    if (whole !== undefined) this.text(whole.bytes, 0, length, whole.given);
    return upTo;
  }

  private text(bytes: Uint8Array, from: number, to: number, given: boolean): void {
    if (bytes[to - 2] !== cr || bytes[to - 1] !== lf)
      throw new BrokenReply('a text that is not as long as it says');
    this.textBytes = undefined;
    this.begin(to - from).bytes(bytes, from, to - 2, given);
    this.end();
  }

  /** The whole of a part once it has ended: without a copy where it came in one piece. */
  private whole(piece: Uint8Array, ended: boolean, most: number): ReturnType<HeldBytes['take']> | undefined {
    if (ended && this.held.length === 0) return { bytes: piece, given: false };
    this.held.add(piece, most);
    return ended ? this.held.take() : undefined;
  }

  private line(line: Uint8Array): void {
    if (line[line.length - 2] !== cr) throw new BrokenReply('a line without its end');
    const kind = line[0] ?? 0;
    switch (kind) {
      case kinds.text:
      case kinds.list:
      case kinds.integer:
        this.number(kind, integerIn(line), line.length);
        return;
      case kinds.status:
        this.begin(line.length).status(textOf(line));
        this.end();
        return;
      case kinds.refusal:
        this.refusal(new RedisRefusal(textOf(line)), line.length);
        return;
      default:
        throw new BrokenReply(`a line that begins with the byte ${kind}`);
    }
  }

  private number(kind: number, value: number | bigint, lineBytes: number): void {
    const visitor = this.begin(lineBytes);
    if (kind === kinds.integer) {
      visitor.integer(value);
      this.end();
    } else if (value === -1) {
      visitor.nil();
      this.end();
    } else if (typeof value !== 'number' || value < 0) throw new BrokenReply(`a length of ${value}`);
    else if (kind === kinds.text) this.textHead(value);
    else this.listHead(value, visitor);
  }

  private refusal(refusal: RedisRefusal, lineBytes: number): void {
    this.refusals += 1;
    if (this.refusals > mostRefusals)
      throw new BrokenReply(`more than ${mostRefusals} refusals in one reply`);
    this.begin(lineBytes).refusal(refusal);
    this.end(this.open.length === 0 ? refusal : undefined);
  }

  private textHead(length: number): void {
    this.limit(this.replyBytes + length);
    this.textBytes = length + 2;
  }

  private listHead(length: number, visitor: ReplyVisitor): void {
    this.elements += length;
    if (this.elements > this.bounds.elements) throw new BrokenReply(`lists of ${this.elements} elements`);
    if (this.open.length === this.bounds.depth)
      throw new BrokenReply(`lists more than ${this.bounds.depth} deep`);
    visitor.list(length);
    if (length === 0) this.end();
    else this.open.push(length);
  }

  /** Counts a part of the reply, and tells who takes it. */
  private begin(partBytes: number): ReplyVisitor {
    this.replyBytes += partBytes;
    this.limit(this.replyBytes - longestLine);
    return this.listener.visitor();
  }

  private limit(replyBytes: number): void {
    if (replyBytes > this.bounds.replyBytes) throw new BrokenReply(`a reply of ${replyBytes} bytes or more`);
  }

  /** An element has ended, and with it every list whose last one it was. */
  private end(refusal?: RedisRefusal): void {
    for (let last = this.open.length - 1; last >= 0; last -= 1) {
      const missing = (this.open[last] ?? 0) - 1;
      this.open[last] = missing;
      if (missing > 0) return;
      this.open.pop();
    }
    this.replyBytes = 0;
    this.elements = 0;
    this.refusals = 0;
    this.listener.ended(refusal);
  }
}

function integerIn(line: Uint8Array): number | bigint {
  const text = line.length > 32 ? '' : textOf(line);
  if (!/^[+-]?\d{1,20}$/.test(text)) throw new BrokenReply('a number that is none');
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Without its first byte and its end. */
function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset + 1, line.length - 3).toString('utf8');
}
