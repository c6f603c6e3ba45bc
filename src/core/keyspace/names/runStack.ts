import type { AddressRun } from './addressRun';
import type { NameArena } from './nameArena';
import { RunMerge } from './runMerge';

/** So many runs of one size become one of the next. */
const growth = 64;
const smallest = 16_384;

/** Runs, the oldest first, and the merging of those that are alike in size: each name is moved once for each size. */
export class RunStack {
  private all: readonly AddressRun[] = [];
  private merge: RunMerge | undefined;

  constructor(private readonly arena: NameArena) {}

  get runs(): readonly AddressRun[] {
    return this.all;
  }

  /** Names, counted once in each run that has them. */
  get count(): number {
    return this.all.reduce((sum, { count }) => sum + count, 0);
  }

  push(run: AddressRun): void {
    if (run.count > 0) this.all = [...this.all, run];
  }

  /** Merges what is alike in size, until a time of `performance.now()`; whether nothing is left to do. */
  tidy(until: number): boolean {
    return this.work(until, () => this.alike());
  }

  /** Merges all into one run. */
  settle(until: number): boolean {
    return this.work(until, () => (this.all.length > 1 ? this.all : undefined));
  }

  /** Names in their order, each once; whether any was there. */
  takeOut(names: readonly Uint8Array[]): boolean {
    let was = false;
    for (const run of this.all) {
      const places = run.placesOf(names);
      if (places.length === 0) continue;
      // Names are read once more before they are gone from the run.
      this.merge?.takenOut(
        run,
        places,
        places.map((place) => run.nameAt(place)),
      );
      run.takeOut(places);
      was = true;
    }
    return was;
  }

  private work(until: number, wanted: () => readonly AddressRun[] | undefined): boolean {
    for (;;) {
      if (this.merge === undefined) {
        const runs = wanted();
        if (runs === undefined) return true;
        this.merge = new RunMerge(this.arena, runs);
      }
      const { runs } = this.merge;
      const merged = this.merge.goOn(until);
      if (merged === undefined) return false;
      this.merge = undefined;
      const [oldest] = runs;
      this.all = this.all.flatMap((run) => (run === oldest ? [merged] : runs.includes(run) ? [] : [run]));
      if (performance.now() >= until) return wanted() === undefined;
    }
  }

  /** The youngest runs, where they are many of a size. */
  private alike(): readonly AddressRun[] | undefined {
    for (let size = smallest; ; size *= growth) {
      const older = this.all.findLastIndex(({ count }) => count > size);
      const alike = this.all.slice(older + 1);
      if (alike.length >= growth) return alike;
      if (older < 0) return undefined;
    }
  }
}
