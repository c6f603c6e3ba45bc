import type { Words } from './reply';

/** Commands on their way out (RESP2), one after the other in one piece of memory. */
export class CommandBuffer {
  private bytes = Buffer.allocUnsafeSlow(pieceBytes);
  /** Where the commands begin that nobody has taken yet, and where they end. */
  private start = 0;
  private end = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.end - this.start;
  }

  add(words: Words): void {
    this.head('*', words.length);
    for (const word of words) {
      const length = typeof word === 'string' ? Buffer.byteLength(word) : word.length;
      this.head('$', length);
      this.reserve(length + 2);
      if (typeof word === 'string') this.bytes.write(word, this.end);
      else this.bytes.set(word, this.end);
      this.end += length;
      this.end += this.bytes.write('\r\n', this.end, 'latin1');
    }
  }

  /** Gives the waiting bytes away: they are not written to any more. */
  take(): Uint8Array {
    const { buffer, byteOffset } = this.bytes;
    const taken = new Uint8Array(buffer, byteOffset + this.start, this.length);
    this.start = this.end;
    return taken;
  }

  private head(kind: '*' | '$', length: number): void {
    this.reserve(24);
    this.end += this.bytes.write(`${kind}${length}\r\n`, this.end, 'latin1');
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const waiting = this.bytes.subarray(this.start, this.end);
    const room = Buffer.allocUnsafeSlow(Math.max(pieceBytes, 2 * (waiting.length + more)));
    room.set(new Uint8Array(waiting.buffer, waiting.byteOffset, waiting.length));
    this.bytes = room;
    this.end = waiting.length;
    this.start = 0;
  }
}

const pieceBytes = 16 * 1024;
