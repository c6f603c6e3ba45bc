import { gallop } from './gallop';
import type { NameArena } from './nameArena';
import type { NameRun } from './sortedNames';

/** Addresses in a page: few enough that taking one out is quick, many enough that there are few pages. */
const pageBits = 13;
const pageLength = 1 << pageBits;

/** What `sharedAt` says of names that share more as well. */
export const mostShared = 0xff;

/** Names whose least `sharedAt` is kept, so that a look for where names part passes by them at once. */
const blockBits = 6;
const blockLength = 1 << blockBits;

interface Page {
  readonly addresses: Uint32Array;
  /** How many first bytes each name shares with the one before it, `mostShared` at most. */
  readonly shared: Uint8Array;
  /** The least of these in each block. */
  readonly least: Uint8Array;
}

function pageOf(addresses: Uint32Array, shared: Uint8Array): Page {
  const least = new Uint8Array(Math.ceil(shared.length / blockLength)).fill(mostShared);
  for (let at = 0; at < shared.length; at++)
    least[at >>> blockBits] = Math.min(least[at >>> blockBits] ?? 0, shared[at] ?? 0);
  return { addresses, shared, least };
}

/** Names in their order, as addresses in an arena, in pages. */
export class AddressRun implements NameRun {
  /** Names before each page, once a name was taken out; until then all pages but the last are full. */
  private starts: readonly number[] | undefined;

  constructor(
    private readonly arena: NameArena,
    private pages: readonly Page[],
    private names: number,
  ) {}

  get count(): number {
    return this.names;
  }

  get bytes(): number {
    return this.pages.reduce(
      (sum, { addresses, shared, least }) =>
        sum + addresses.buffer.byteLength + shared.buffer.byteLength + least.buffer.byteLength,
      0,
    );
  }

  addressAt(place: number): number {
    const number = this.pageOf(place);
    const address = this.pages[number]?.addresses[place - this.startOf(number)];
    if (address === undefined) throw new RangeError(`There is no name ${place}.`);
    return address;
  }

  /** How many first bytes a name shares with the one before it, `mostShared` at most. Of the first name it says nothing. */
  sharedAt(place: number): number {
    const number = this.pageOf(place);
    return this.pages[number]?.shared[place - this.startOf(number)] ?? 0;
  }

  nameAt(place: number): Uint8Array {
    return this.arena.nameAt(this.addressAt(place));
  }

  compare(place: number, bytes: Uint8Array): number {
    return this.arena.compare(this.addressAt(place), bytes);
  }

  compareStart(place: number, prefix: Uint8Array): number {
    return this.arena.compare(this.addressAt(place), prefix, prefix.length);
  }

  endOfShared(from: number, to: number, length: number): number {
    if (length >= mostShared) {
      const start = this.nameAt(from).subarray(0, length);
      return gallop(from + 1, to, (place) => this.compareStart(place, start) === 0);
    }
    for (let place = from + 1; place < to;) {
      const number = this.pageOf(place);
      const page = this.pages[number];
      if (page === undefined) break;
      const start = this.startOf(number);
      const end = Math.min(page.shared.length, to - start);
      for (let at = place - start; at < end;) {
        if (at % blockLength === 0 && (page.least[at >>> blockBits] ?? 0) >= length) at += blockLength;
        else if ((page.shared[at] ?? 0) >= length) at++;
        else return start + at;
      }
      place = start + end;
    }
    return to;
  }

  has(name: Uint8Array): boolean {
    return this.placesOf([name]).length > 0;
  }

  /** Where those of the names are that it has. The names have to be in their order, each once. */
  placesOf(names: readonly Uint8Array[]): number[] {
    const places: number[] = [];
    let from = 0;
    for (const name of names) {
      from = gallop(from, this.names, (place) => this.compare(place, name) < 0);
      if (from < this.names && this.compare(from, name) === 0) places.push(from++);
    }
    return places;
  }

  /** Takes out the names at places, which rise. What follows moves up. */
  takeOut(places: readonly number[]): void {
    let next = 0;
    let start = 0;
    /** What the names that were taken out leave to share to the one behind them. */
    let shared = mostShared;
    const pages: Page[] = [];
    for (const page of this.pages) {
      const end = start + page.addresses.length;
      const first = places[next];
      let used = first === undefined || first >= end ? page.addresses.length : first - start;
      if (used > 0 && shared < mostShared) {
        page.shared[0] = Math.min(page.shared[0] ?? 0, shared);
        page.least[0] = Math.min(page.least[0] ?? 0, shared);
      }
      if (used > 0) shared = mostShared;
      for (let at = used; at < page.addresses.length; at++) {
        shared = Math.min(shared, page.shared[at] ?? 0);
        if (places[next] === start + at) {
          next++;
          continue;
        }
        page.addresses[used] = page.addresses[at] ?? 0;
        page.shared[used++] = shared;
        shared = mostShared;
      }
      start = end;
      if (used === page.addresses.length) pages.push(page);
      else if (used > 0) pages.push(pageOf(page.addresses.subarray(0, used), page.shared.subarray(0, used)));
    }
    this.pages = pages;
    this.names -= places.length;
    let before = 0;
    this.starts = pages.map(({ addresses }) => (before += addresses.length) - addresses.length);
  }

  private pageOf(place: number): number {
    if (this.starts === undefined) return place >>> pageBits;
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.startOf(middle) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private startOf(page: number): number {
    return this.starts === undefined ? page << pageBits : (this.starts[page] ?? 0);
  }
}

/** Takes addresses in the order of their names and makes a run of them. */
export class RunBuilder {
  private readonly pages: Page[] = [];
  private addresses = new Uint32Array(pageLength);
  private shared = new Uint8Array(pageLength);
  private used = 0;

  constructor(private readonly arena: NameArena) {}

  /** A name that shares so many first bytes with the one that was added before. */
  add(address: number, shared: number): void {
    if (this.used === pageLength) {
      this.pages.push(pageOf(this.addresses, this.shared));
      this.addresses = new Uint32Array(pageLength);
      this.shared = new Uint8Array(pageLength);
      this.used = 0;
    }
    this.addresses[this.used] = address;
    this.shared[this.used++] = Math.min(shared, mostShared);
  }

  /** Nothing may be added afterwards. */
  finish(): AddressRun {
    const count = this.pages.length * pageLength + this.used;
    // The last page is as long as it has to be.
    if (this.used > 0)
      this.pages.push(pageOf(this.addresses.slice(0, this.used), this.shared.slice(0, this.used)));
    return new AddressRun(this.arena, this.pages, count);
  }
}
