import type { NameArena } from './nameArena';
import type { NameRun } from './sortedNames';

/** Addresses in a page: few enough that taking one out is quick, many enough that there are few pages. */
export const pageLength = 8192;

/** Names in their order, as addresses in an arena, in pages. */
export class AddressRun implements NameRun {
  /** Names before each page, once a name was taken out; until then all pages but the last are full. */
  private starts: number[] | undefined;

  constructor(
    private readonly arena: NameArena,
    private readonly pages: Uint32Array[],
    private names: number,
  ) {}

  get count(): number {
    return this.names;
  }

  get bytes(): number {
    return this.pages.reduce((sum, page) => sum + page.buffer.byteLength, 0);
  }

  addressAt(place: number): number {
    const number = this.pageOf(place);
    const address = this.pages[number]?.[place - this.startOf(number)];
    if (address === undefined) throw new RangeError(`There is no name ${place}.`);
    return address;
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

  /** Where the name is. */
  placeOf(name: Uint8Array): number | undefined {
    let low = 0;
    let high = this.names;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.compare(middle, name);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  /** What follows moves up. */
  takeOut(place: number): void {
    this.starts ??= this.pages.map((_, number) => number * pageLength);
    const number = this.pageOf(place);
    const page = this.pages[number];
    if (page === undefined) return;
    const at = place - this.startOf(number);
    page.copyWithin(at, at + 1);
    this.pages[number] = page.subarray(0, -1);
    this.names--;
    for (let later = number + 1; later < this.starts.length; later++)
      this.starts[later] = this.startOf(later) - 1;
  }

  private pageOf(place: number): number {
    if (this.starts === undefined) return Math.floor(place / pageLength);
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
    return this.starts?.[page] ?? page * pageLength;
  }
}

/** Takes addresses in their order and makes a run of them. */
export class RunBuilder {
  private readonly pages: Uint32Array[] = [];
  private page = new Uint32Array();
  private used = 0;
  private names = 0;

  constructor(private readonly arena: NameArena) {}

  add(address: number): void {
    if (this.used === this.page.length) {
      this.page = new Uint32Array(pageLength);
      this.pages.push(this.page);
      this.used = 0;
    }
    this.page[this.used++] = address;
    this.names++;
  }

  /** Nothing may be added afterwards. */
  finish(): AddressRun {
    // The last page is as long as it has to be.
    if (this.pages.length > 0) this.pages[this.pages.length - 1] = this.page.slice(0, this.used);
    return new AddressRun(this.arena, this.pages, this.names);
  }
}
