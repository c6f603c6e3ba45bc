import { RunBuilder, type AddressRun } from './addressRun';
import type { NameArena } from './nameArena';

/** Sorted while a server makes the next page of a scan: larger ones would have it wait, much smaller ones cost more merging. */
const mostNames = 2048;
/** The first batch: sorting is slow until it has been compiled. Each batch has twice as many names as the one before. */
const firstNames = 512;
const mostBytes = 1 << 18;

/** Of fewer names than these, each is put into its place one after the other. */
const few = 12;

/**
 * Names as they come, until they are many enough to be sorted at once: by multikey quicksort, which looks at three bytes of
 * each name at a time and keeps these beside it.
 */
export class NameBatch {
  private readonly bytes = new Uint8Array(mostBytes);
  private readonly begins = new Uint32Array(mostNames + 1);
  private readonly order = new Uint32Array(mostNames);
  /** Three bytes of each name, and how many of them it has: what ends is before what goes on. */
  private readonly heads = new Uint32Array(mostNames);
  private names = 0;
  private most = firstNames;

  get count(): number {
    return this.names;
  }

  get heldBytes(): number {
    return mostBytes + 4 * (3 * mostNames + 1);
  }

  /** Whether there was room for it. */
  add(source: Uint8Array, from: number, to: number): boolean {
    const begin = this.begins[this.names] ?? 0;
    const end = begin + to - from;
    if (this.names === this.most || end > mostBytes) return false;
    if (to - from > 64) this.bytes.set(source.subarray(from, to), begin);
    else for (let at = 0; at < to - from; at++) this.bytes[begin + at] = source[from + at] ?? 0;
    this.names++;
    this.begins[this.names] = end;
    return true;
  }

  /** Writes all names into the arena in their order, each once, and is empty again. What a full arena does not take is lost. */
  sortInto(arena: NameArena): AddressRun {
    for (let name = 0; name < this.names; name++) this.order[name] = name;
    this.readHeads(0, this.names, 0);
    this.sort(0, this.names, 0);
    const run = new RunBuilder(arena);
    for (let place = 0; place < this.names; place++) {
      const name = this.order[place] ?? 0;
      const shared = place > 0 ? this.sharedLength(name, this.order[place - 1] ?? 0) : -1;
      // What is behind a name and has nothing that it does not share with it is that name.
      if (shared === this.lengthOf(name)) continue;
      const address = arena.write(this.bytes, this.begins[name] ?? 0, this.begins[name + 1] ?? 0);
      if (address === undefined) break;
      run.add(address, Math.max(shared, 0));
    }
    this.names = 0;
    this.most = Math.min(2 * this.most, mostNames);
    return run.finish();
  }

  /** Sorts places `from` to `to`, whose names share their first `depth` bytes. Goes into the smaller parts, stays with the largest. */
  private sort(from: number, to: number, depth: number): void {
    const { heads } = this;
    while (to - from > few) {
      const pivot = this.pivot(from, to);
      let less = from;
      let more = to;
      for (let at = from; at < more;) {
        const head = heads[at] ?? 0;
        if (head < pivot) this.swap(at++, less++);
        else if (head > pivot) this.swap(at, --more);
        else at++;
      }
      // Names that end here are all the same one.
      const deeper = (pivot & 0xff) === 3;
      if (deeper) this.readHeads(less, more, depth + 3);
      if (deeper && more - less >= Math.max(less - from, to - more)) {
        this.sort(from, less, depth);
        this.sort(more, to, depth);
        from = less;
        to = more;
        depth += 3;
      } else {
        if (deeper) this.sort(less, more, depth + 3);
        if (less - from > to - more) {
          this.sort(more, to, depth);
          to = less;
        } else {
          this.sort(from, less, depth);
          from = more;
        }
      }
    }
    this.insert(from, to, depth);
  }

  private insert(from: number, to: number, depth: number): void {
    const { order } = this;
    for (let at = from + 1; at < to; at++) {
      const name = order[at] ?? 0;
      let place = at;
      for (; place > from && this.compare(order[place - 1] ?? 0, name, depth) > 0; place--)
        order[place] = order[place - 1] ?? 0;
      order[place] = name;
    }
  }

  /** The middle one of three, of which each is the middle one of three where there are many. */
  private pivot(from: number, to: number): number {
    const { heads } = this;
    const step = (to - from) >> 3;
    const at = (eighth: number): number => heads[from + eighth * step] ?? 0;
    if (to - from < 64) return middle(at(1), at(4), at(7));
    return middle(
      middle(at(0), at(1), at(2)),
      middle(at(3), at(4), at(5)),
      middle(at(6), at(7), heads[to - 1] ?? 0),
    );
  }

  private readHeads(from: number, to: number, depth: number): void {
    const { bytes, begins, order, heads } = this;
    for (let place = from; place < to; place++) {
      const name = order[place] ?? 0;
      const at = (begins[name] ?? 0) + depth;
      const left = (begins[name + 1] ?? 0) - at;
      heads[place] =
        left >= 3
          ? (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | 3) >>> 0
          : left === 2
            ? (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | 2) >>> 0
            : left === 1
              ? (((bytes[at] ?? 0) << 24) | 1) >>> 0
              : 0;
    }
  }

  private swap(one: number, other: number): void {
    const { order, heads } = this;
    const name = order[one] ?? 0;
    const head = heads[one] ?? 0;
    order[one] = order[other] ?? 0;
    heads[one] = heads[other] ?? 0;
    order[other] = name;
    heads[other] = head;
  }

  private lengthOf(name: number): number {
    return (this.begins[name + 1] ?? 0) - (this.begins[name] ?? 0);
  }

  private sharedLength(one: number, other: number): number {
    const { bytes, begins } = this;
    const shorter = Math.min(this.lengthOf(one), this.lengthOf(other));
    const begin = begins[one] ?? 0;
    const otherBegin = begins[other] ?? 0;
    let at = 0;
    while (at < shorter && bytes[begin + at] === bytes[otherBegin + at]) at++;
    return at;
  }

  private compare(one: number, other: number, depth: number): number {
    const { bytes, begins } = this;
    let left = (begins[one] ?? 0) + depth;
    let right = (begins[other] ?? 0) + depth;
    const leftEnd = begins[one + 1] ?? 0;
    const rightEnd = begins[other + 1] ?? 0;
    while (left < leftEnd && right < rightEnd) {
      const difference = (bytes[left++] ?? 0) - (bytes[right++] ?? 0);
      if (difference !== 0) return difference;
    }
    return leftEnd - left - (rightEnd - right);
  }
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
