import type { AddressRun } from './addressRun';
import { RunBuilder } from './addressRun';
import { compareBytes } from './compareBytes';
import { FilteredNames } from './filteredNames';
import { NameArena } from './nameArena';
import { NameBatch } from './nameBatch';
import type { NameMatch } from './nameMatch';
import { RunStack } from './runStack';
import type { SortedNames } from './sortedNames';

/** About 25 million names of 36 bytes. */
const usualLimitBytes = 1024 ** 3;

/**
 * The names of a keyspace, each once, in the order of their bytes; a folder is a range of them. While names come in, there are
 * several orders beside each other, and a name that came twice may be in two of them; they become one little by little.
 */
export class KeyNames implements SortedNames {
  private readonly arena: NameArena;
  private readonly stack: RunStack;
  private readonly batch = new NameBatch();
  private readonly filters = new Set<FilteredNames>();
  private isWhole = false;

  /** Names take `limitBytes` at most, their order a tenth of that besides. */
  constructor(limitBytes = usualLimitBytes) {
    this.arena = new NameArena(limitBytes);
    this.stack = new RunStack(this.arena);
  }

  /** Takes a copy of the bytes from `from` to `to`. Every two thousand names one call takes about a millisecond. */
  add(bytes: Uint8Array, from = 0, to = bytes.length): void {
    if (this.full || this.batch.add(bytes, from, to)) return;
    this.sortBatch();
    if (this.batch.add(bytes, from, to)) return;
    const address = this.arena.write(bytes, from, to);
    if (address === undefined) return;
    const alone = new RunBuilder(this.arena);
    alone.add(address, 0);
    this.push(alone.finish());
  }

  /** No more names are taken: there are more than the limit allows. */
  get full(): boolean {
    return this.arena.full;
  }

  /** To be called when no name is missing, and again when that has changed. */
  setWhole(whole: boolean): void {
    this.isWhole = whole;
  }

  get complete(): boolean {
    return this.isWhole && !this.full && this.settled;
  }

  /** Keeps the number of orders small while names come in, for `budgetMs` at most; whether nothing is left to do. */
  tidySome(budgetMs: number): boolean {
    return this.stack.tidy(performance.now() + budgetMs);
  }

  /** Makes one order of all that was added, for `budgetMs` at most; whether it is one. To be called when few names will follow. */
  settleSome(budgetMs: number): boolean {
    const until = performance.now() + budgetMs;
    this.sortBatch();
    return this.stack.settle(until);
  }

  /** The same, as long as it takes. */
  settle(): void {
    this.settleSome(Infinity);
  }

  /** There is one order, with every name once. */
  get settled(): boolean {
    return this.batch.count === 0 && this.stack.runs.length < 2;
  }

  /** Names, counted once in each order that has them. */
  get count(): number {
    return this.stack.count + this.batch.count;
  }

  /** With all that was added. */
  get runs(): readonly AddressRun[] {
    this.sortBatch();
    return this.stack.runs;
  }

  knows(name: Uint8Array): boolean {
    return this.runs.some((run) => run.has(name));
  }

  /** The name at a place in the order, once there is one. */
  nameAt(place: number): Uint8Array {
    const [only, second] = this.runs;
    if (only === undefined || second !== undefined)
      throw new RangeError(`There is no order with a place ${place}.`);
    return only.nameAt(place);
  }

  /**
   * Names that were deleted; many at once cost little more than looking at each. Their bytes stay until all names are let go.
   * Whether any was there.
   */
  remove(names: readonly Uint8Array[]): boolean {
    this.sortBatch();
    const sorted = [...names]
      .sort(compareBytes)
      .filter((name, at, { [at - 1]: before }) => before === undefined || compareBytes(before, name) !== 0);
    for (const filter of this.filters) filter.leave(sorted);
    return this.stack.takeOut(sorted);
  }

  /** The name of a key that was renamed. */
  rename(from: Uint8Array, to: Uint8Array): void {
    if (this.remove([from])) this.add(to);
  }

  /** Those names that are looked for, to be disposed of. They cost four bytes each. */
  filter(matches: NameMatch): FilteredNames {
    const filter = new FilteredNames(this, this.arena, matches, () => this.filters.delete(filter));
    this.filters.add(filter);
    return filter;
  }

  /** Bytes of memory that names and orders take. */
  get bytes(): number {
    const held = this.arena.bytes + this.batch.heldBytes;
    return this.stack.runs.reduce((sum, { bytes }) => sum + bytes, held);
  }

  private sortBatch(): void {
    if (this.batch.count > 0) this.push(this.batch.sortInto(this.arena));
  }

  private push(run: AddressRun): void {
    this.stack.push(run);
    for (const filter of this.filters) filter.come(run);
  }
}
