import { joinBytes } from '../../base/bytes';
import { RedisRefusal } from '../redisFailure';

/** Bounds on what a server can make us hold. What goes beyond them ends the connection. */
export interface ReplyBounds {
  /** Bytes of one text. */
  readonly textBytes: number;
  /** Elements of one list. */
  readonly listLength: number;
  /** Lists inside of lists. */
  readonly depth: number;
}

/**
 * Takes the parts of replies as they arrive. Lists come as their length, then their elements. `bytes` are valid during the
 * call alone.
 */
export interface ReplyVisitor {
  nil(): void;
  integer(value: number | bigint): void;
  status(text: string): void;
  refusal(refusal: RedisRefusal): void;
  bytes(bytes: Uint8Array): void;
  list(length: number): void;
}

/** What came is no reply, or one beyond the bounds. Nothing that follows it can be understood. */
export class BrokenReply extends Error {}

const cr = 0x0d;
const lf = 0x0a;
/** The longest line that is no text: a number, a status or a refusal. */
const longestLine = 64 * 1024;

/** Cuts a stream of RESP2 replies into its parts, and holds no more than one unfinished part. */
export class ReplyParser {
  /** What arrived of an unfinished part; its bytes are ours. */
  private readonly parts: Uint8Array[] = [];
  private partBytes = 0;
  /** Bytes of the text that is arriving, its CRLF included; undefined between texts. */
  private textBytes: number | undefined;
  /** Elements that are missing of each list that is open. */
  private readonly open: number[] = [];

  constructor(
    private readonly bounds: ReplyBounds,
    private readonly visitor: () => ReplyVisitor,
    /** A whole reply has been visited. */
    private readonly onReply: () => void,
  ) {}

  /** Takes the next bytes; they may be used again by the caller afterwards. Throws a BrokenReply. */
  take(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length)
      at = this.textBytes === undefined ? this.takeLine(bytes, at) : this.takeText(bytes, at);
  }

  private takeLine(bytes: Uint8Array, from: number): number {
    const end = bytes.indexOf(lf, from);
    const upTo = end < 0 ? bytes.length : end + 1;
    if (this.partBytes + upTo - from > longestLine) throw new BrokenReply('a line without an end');
    const whole = this.joined(bytes, from, upTo, end >= 0);
    if (whole !== undefined) this.line(whole);
    return upTo;
  }

  private takeText(bytes: Uint8Array, from: number): number {
    const missing = (this.textBytes ?? 0) - this.partBytes;
    const upTo = Math.min(bytes.length, from + missing);
    const whole = this.joined(bytes, from, upTo, upTo - from === missing);
    if (whole === undefined) return upTo;
    if (whole[whole.length - 2] !== cr || whole[whole.length - 1] !== lf)
      throw new BrokenReply('a text that is not as long as it says');
    this.textBytes = undefined;
    this.visitor().bytes(whole.subarray(0, -2));
    this.ended();
    return upTo;
  }

  /** The whole of a part once it has ended: without a copy where it came in one piece. */
  private joined(bytes: Uint8Array, from: number, upTo: number, ended: boolean): Uint8Array | undefined {
    const piece = bytes.subarray(from, upTo);
    if (ended && this.parts.length === 0) return piece;
    this.parts.push(piece.slice());
    this.partBytes += piece.length;
    if (!ended) return undefined;
    const whole = joinBytes(this.parts);
    this.parts.length = 0;
    this.partBytes = 0;
    return whole;
  }

  private line(line: Uint8Array): void {
    if (line[line.length - 2] !== cr) throw new BrokenReply('a line without its end');
    switch (line[0]) {
      case 0x24: {
        // $
        this.textHead(numberIn(line));
        return;
      }
      case 0x2a: {
        // *
        this.listHead(numberIn(line));
        return;
      }
      case 0x3a: // :
        this.visitor().integer(integerIn(line));
        {
          this.ended();
          return;
        }
      case 0x2b: // +
        this.visitor().status(textOf(line));
        {
          this.ended();
          return;
        }
      case 0x2d: // -
        this.visitor().refusal(new RedisRefusal(textOf(line)));
        {
          this.ended();
          return;
        }
      default:
        throw new BrokenReply(`a line that begins with the byte ${line[0] ?? -1}`);
    }
  }

  private textHead(length: number): void {
    if (length === -1) {
      this.visitor().nil();
      this.ended();
      return;
    }
    if (length > this.bounds.textBytes) throw new BrokenReply(`a text of ${length} bytes`);
    this.textBytes = length + 2;
  }

  private listHead(length: number): void {
    if (length === -1) {
      this.visitor().nil();
      this.ended();
      return;
    }
    if (length > this.bounds.listLength) throw new BrokenReply(`a list of ${length} elements`);
    this.visitor().list(length);
    if (length === 0) {
      this.ended();
      return;
    }
    if (this.open.length === this.bounds.depth)
      throw new BrokenReply(`lists more than ${this.bounds.depth} deep`);
    this.open.push(length);
  }

  /** An element has ended, and with it every list whose last one it was. */
  private ended(): void {
    for (let last = this.open.length - 1; last >= 0; last -= 1) {
      const missing = (this.open[last] ?? 0) - 1;
      this.open[last] = missing;
      if (missing > 0) return;
      this.open.pop();
    }
    this.onReply();
  }
}

/** A length: not negative, or -1 for nil. */
function numberIn(line: Uint8Array): number {
  const value = integerIn(line);
  if (typeof value !== 'number' || value < -1) throw new BrokenReply(`a length of ${value}`);
  return value;
}

function integerIn(line: Uint8Array): number | bigint {
  const text = textOf(line);
  if (!/^[+-]?\d{1,20}$/.test(text)) throw new BrokenReply('a number that is none');
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Without its first byte and its end. */
function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset + 1, line.length - 3).toString('utf8');
}
