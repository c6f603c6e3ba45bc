import { UnexpectedReply, type RedisRefusal } from '../../redis/redisFailure';
import type { ReplyVisitor } from '../../redis/wire/replyParser';
import type { ScanClock } from './scanClock';

/** Where names go. */
export interface NameSink {
  /** Takes a copy of the bytes from `from` to `to`. */
  add(source: Uint8Array, from: number, to: number): void;
}

/** Digits of 64 bits. */
const longestCursor = 20;

/** Takes the reply of a SCAN as it arrives: names go on without becoming objects. */
export class ScanPage implements ReplyVisitor {
  private part: 'page' | 'cursor' | 'list' | 'names' = 'page';
  private cursor: Uint8Array | undefined;
  private refused: RedisRefusal | undefined;
  private readonly begun: number;
  /** Names so far. */
  count = 0;
  /** Of these names. */
  nameBytes = 0;
  /** Milliseconds until the reply began. */
  waitedMs = 0;

  constructor(
    private readonly names: NameSink,
    private readonly clock: ScanClock,
    /** Told as soon as the next page can be asked for, before the names of this one have come. */
    private readonly onCursor: (next: Uint8Array) => void,
  ) {
    this.begun = clock.now();
  }

  /** Where the next page begins, once this one has ended. Throws a RedisRefusal where it was no page. */
  get next(): Uint8Array {
    if (this.refused !== undefined) throw this.refused;
    if (this.cursor === undefined || this.part !== 'names') return notAPage();
    return this.cursor;
  }

  list(length: number): void {
    if (this.part === 'page' && length === 2) this.part = 'cursor';
    else if (this.part === 'list') this.part = 'names';
    else notAPage();
  }

  bytes(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (this.part === 'names') {
      this.count += 1;
      this.nameBytes += length;
      this.names.add(source, from, to);
      return;
    }
    if (this.part !== 'cursor' || length === 0 || length > longestCursor) notAPage();
    this.part = 'list';
    this.cursor = source.slice(from, to);
    this.waitedMs = this.clock.now() - this.begun;
    this.onCursor(this.cursor);
  }

  refusal(refusal: RedisRefusal): void {
    if (this.part !== 'page') notAPage();
    this.refused = refusal;
  }

  nil = notAPage;
  integer = notAPage;
  status = notAPage;
}

function notAPage(): never {
  throw new UnexpectedReply('SCAN gave no page');
}
