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
    this.head(asterisk, words.length);
    for (const word of words) {
      if (typeof word === 'string') this.addText(word);
      else this.addBytes(word);
    }
  }

  /** Gives the waiting bytes away: they are not written to any more. */
  take(): Uint8Array {
    const { buffer, byteOffset } = this.bytes;
    const taken = new Uint8Array(buffer, byteOffset + this.start, this.length);
    this.start = this.end;
    return taken;
  }

  private addText(text: string): void {
    const short = text.length <= shortText && this.addLetters(text);
    if (short) return;
    const length = Buffer.byteLength(text);
    this.head(dollar, length);
    this.reserve(length + 2);
    this.end += this.bytes.write(text, this.end);
    this.endLine();
  }

  /** A call into the runtime costs more than the few letters of most words. Whether they were all of one byte. */
  private addLetters(text: string): boolean {
    const begin = this.length;
    this.head(dollar, text.length);
    this.reserve(text.length + 2);
    for (let at = 0; at < text.length; at += 1) {
      const letter = text.charCodeAt(at);
      if (letter > lastLetter) {
        this.end = this.start + begin;
        return false;
      }
      this.bytes[this.end++] = letter;
    }
    this.endLine();
    return true;
  }

  private addBytes(bytes: Uint8Array): void {
    this.head(dollar, bytes.length);
    this.reserve(bytes.length + 2);
    const { bytes: out, end } = this;
    if (bytes.length > shortBytes) out.set(bytes, end);
    else for (let at = 0; at < bytes.length; at += 1) out[end + at] = bytes[at] ?? 0;
    this.end += bytes.length;
    this.endLine();
  }

  private head(kind: number, value: number): void {
    this.reserve(24);
    this.bytes[this.end++] = kind;
    let unit = 1;
    while (unit * 10 <= value) unit *= 10;
    for (; unit > 1; unit = Math.floor(unit / 10))
      this.bytes[this.end++] = zero + (Math.floor(value / unit) % 10);
    this.bytes[this.end++] = zero + (value % 10);
    this.endLine();
  }

  private endLine(): void {
    this.bytes[this.end++] = cr;
    this.bytes[this.end++] = lf;
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
/** Characters. */
const shortText = 32;
const shortBytes = 64;
/** Of ASCII. */
const lastLetter = 0x7f;
const [asterisk, dollar, zero, cr, lf] = [0x2a, 0x24, 0x30, 0x0d, 0x0a];
