/** The beginning of something whose rest has not arrived. Takes memory for what is there, whatever length was announced. */
export class HeldBytes {
  private bytes = new Uint8Array(0);
  private used = 0;

  get length(): number {
    return this.used;
  }

  /** `most`: bytes that the whole will have at most. */
  add(piece: Uint8Array, most: number): void {
    const needed = this.used + piece.length;
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(most, growth * needed)));
      larger.set(this.bytes.subarray(0, this.used));
      this.bytes = larger;
    }
    this.bytes.set(piece, this.used);
    this.used = needed;
  }

  /** What was added. Where it is much it is given away; otherwise it is valid until something is added again. */
  take(): { readonly bytes: Uint8Array; readonly given: boolean } {
    const bytes = this.bytes.subarray(0, this.used);
    const given = this.bytes.length > keptBytes;
    this.used = 0;
    if (given) this.bytes = new Uint8Array(0);
    return { bytes, given };
  }
}

/** Memory that stays for the next text. */
const keptBytes = 256 * 1024;
/** So a text is copied by a third once more until it is whole. */
const growth = 4;
