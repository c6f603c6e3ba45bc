import type { Disposable } from '../../base/disposables';
import { mostShared, RunBuilder, type AddressRun } from './addressRun';
import type { KeyNames } from './keyNames';
import type { NameArena } from './nameArena';
import type { NameMatch } from './nameMatch';
import { RunStack } from './runStack';
import type { SortedNames } from './sortedNames';

/** Bytes of names between two looks at the clock. A name may have a mebibyte; a short one costs as much as one of 256 bytes. */
const bytesPerLook = 1 << 14;
const leastOfName = 256;

/** Those names of a keyspace that are looked for, found part by part; also those that come and go meanwhile. */
export class FilteredNames implements SortedNames, Disposable {
  private readonly found: RunStack;
  /** Runs of the keyspace that were not looked at, though they may be part of larger ones by now; the first one up to a place. */
  private readonly ahead: AddressRun[];
  private place = 0;

  /** Made by `KeyNames.filter`. */
  constructor(
    private readonly names: KeyNames,
    private readonly arena: NameArena,
    private readonly matches: NameMatch,
    private readonly forget: () => void,
  ) {
    this.found = new RunStack(arena);
    this.ahead = [...names.runs];
  }

  /** Looks at more names, for `budgetMs` at most; whether it has looked at all that there are. */
  findSome(budgetMs: number): boolean {
    const until = performance.now() + budgetMs;
    // What was added last gets its place in the order with that, and comes here.
    if (this.names.runs.length === 0) return true;
    const looked = this.look(until);
    if (!looked) return false;
    return this.names.settled ? this.found.settle(until) : this.found.tidy(until);
  }

  get runs(): readonly AddressRun[] {
    return this.found.runs;
  }

  get complete(): boolean {
    return this.names.complete && this.ahead.length === 0 && this.found.runs.length < 2;
  }

  /** Names, counted once in each run that has them. */
  get count(): number {
    return this.found.count;
  }

  /** Names that have to be looked at. */
  get left(): number {
    return this.ahead.reduce((sum, { count }) => sum + count, 0) - this.place;
  }

  knows(name: Uint8Array): boolean {
    return this.names.knows(name);
  }

  dispose(): void {
    this.forget();
    this.ahead.length = 0;
    this.place = 0;
  }

  /** The keyspace has got more names. */
  come(run: AddressRun): void {
    this.ahead.push(run);
  }

  /** Names in their order, each once, are about to be taken out of the keyspace. */
  leave(names: readonly Uint8Array[]): void {
    this.found.takeOut(names);
    for (const [index, run] of this.ahead.entries()) {
      const places = run.placesOf(names);
      if (index === 0) this.place -= places.filter((place) => place < this.place).length;
      // What is still a run of the keyspace, the keyspace itself takes it out of.
      if (places.length > 0 && !this.names.runs.includes(run)) run.takeOut(places);
    }
  }

  private look(until: number): boolean {
    let bytes = 0;
    for (;;) {
      const [run] = this.ahead;
      if (run === undefined) return true;
      const matching = new RunBuilder(this.arena);
      let shared = mostShared;
      let isLate = false;
      while (!isLate && this.place < run.count) {
        const address = run.addressAt(this.place);
        shared = Math.min(shared, run.sharedAt(this.place));
        const name = this.arena.nameAt(address);
        if (this.matches(name)) {
          matching.add(address, shared);
          shared = mostShared;
        }
        this.place++;
        bytes += Math.max(name.length, leastOfName);
        if (bytes < bytesPerLook) continue;
        bytes = 0;
        isLate = performance.now() >= until;
      }
      this.found.push(matching.finish());
      if (this.place === run.count) {
        this.ahead.shift();
        this.place = 0;
      }
      if (isLate) return this.ahead.length === 0;
    }
  }
}
