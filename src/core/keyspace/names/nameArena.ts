/** Addresses have 32 bits: the number of a chunk, and a place in it. */
const placeBits = 20;
const chunkBytes = 1 << placeBits;
const mostChunks = 1 << (32 - placeBits);

/** A longer name has a chunk of its own, of its very length. */
const mostInChunk = chunkBytes >> 2;

/** Bytes of names, one behind the other, each behind its length. Nothing moves: what grows is the number of chunks. */
export class NameArena {
  private readonly chunks: Uint8Array[] = [];
  private current = new Uint8Array();
  private currentNumber = 0;
  private end = 0;
  private held = 0;
  private refused = false;

  constructor(private readonly limitBytes: number) {}

  /** Bytes of memory. */
  get bytes(): number {
    return this.held;
  }

  /** A name was refused. */
  get full(): boolean {
    return this.refused;
  }

  /** The address of a copy; undefined when the limit is reached, or no address is left. */
  write(source: Uint8Array, from: number, to: number): number | undefined {
    const length = to - from;
    const needed = length + lengthBytes(length);
    if (needed > mostInChunk) {
      const own = new Uint8Array(needed);
      if (!this.take(own)) return undefined;
      put(own, 0, source, from, to);
      return address(this.chunks.length - 1, 0);
    }
    if (this.end + needed > this.current.length) {
      const chunk = new Uint8Array(chunkBytes);
      if (!this.take(chunk)) return undefined;
      this.current = chunk;
      this.currentNumber = this.chunks.length - 1;
      this.end = 0;
    }
    const at = this.end;
    put(this.current, at, source, from, to);
    this.end += needed;
    return address(this.currentNumber, at);
  }

  nameAt(address: number): Uint8Array {
    const chunk = this.chunkAt(address);
    const place = address & (chunkBytes - 1);
    const begin = beginOfName(chunk, place);
    return chunk.subarray(begin, begin + lengthOfName(chunk, place));
  }

  /** Where a name is. `beginOfName` and `lengthOfName` read it there, without an object for each. */
  chunkAt(address: number): Uint8Array {
    const chunk = this.chunks[address >>> placeBits];
    if (chunk === undefined) throw new RangeError(`There is no name at ${address}.`);
    return chunk;
  }

  /** Below 0, 0 or above 0, as the name is before, equal to or behind the bytes; with `most`, by its first bytes. */
  compare(address: number, bytes: Uint8Array, most = Infinity): number {
    const chunk = this.chunkAt(address);
    const place = address & (chunkBytes - 1);
    const begin = beginOfName(chunk, place);
    const length = Math.min(lengthOfName(chunk, place), most);
    const shorter = Math.min(length, bytes.length);
    for (let at = 0; at < shorter; at++) {
      const difference = (chunk[begin + at] ?? 0) - (bytes[at] ?? 0);
      if (difference !== 0) return difference;
    }
    return length - bytes.length;
  }

  private take(chunk: Uint8Array): boolean {
    this.refused ||= this.chunks.length === mostChunks || this.held + chunk.length > this.limitBytes;
    if (this.refused) return false;
    this.chunks.push(chunk);
    this.held += chunk.length;
    return true;
  }
}

export function placeInChunk(address: number): number {
  return address & (chunkBytes - 1);
}

/** Where a name begins whose length stands at a place: seven bits a byte, the lowest first. */
export function beginOfName(chunk: Uint8Array, place: number): number {
  while ((chunk[place] ?? 0) > 0x7f) place++;
  return place + 1;
}

export function lengthOfName(chunk: Uint8Array, place: number): number {
  let byte = chunk[place] ?? 0;
  let length = byte & 0x7f;
  for (let factor = 0x80; byte > 0x7f; factor *= 0x80) {
    byte = chunk[++place] ?? 0;
    length += (byte & 0x7f) * factor;
  }
  return length;
}

function address(chunk: number, place: number): number {
  return ((chunk << placeBits) | place) >>> 0;
}

function lengthBytes(length: number): number {
  let bytes = 1;
  for (; length > 0x7f; length = Math.floor(length / 0x80)) bytes++;
  return bytes;
}

function put(chunk: Uint8Array, at: number, source: Uint8Array, from: number, to: number): void {
  let length = to - from;
  for (; length > 0x7f; length = Math.floor(length / 0x80)) chunk[at++] = (length & 0x7f) | 0x80;
  chunk[at++] = length;
  // For a short name a call costs more than the loop.
  if (to - from > 64) chunk.set(source.subarray(from, to), at);
  else for (let index = from; index < to; index++) chunk[at++] = source[index] ?? 0;
}
