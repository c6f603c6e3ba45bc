import { gallop } from './gallop';
import type { NameRun, SortedNames } from './sortedNames';

/** Neighbours in the order: one stretch of each run. */
export class NameRange {
  private constructor(
    private readonly runs: readonly NameRun[],
    private readonly from: readonly number[],
    private readonly to: readonly number[],
  ) {}

  static all({ runs }: SortedNames): NameRange {
    return new NameRange(
      runs,
      runs.map(() => 0),
      runs.map(({ count }) => count),
    );
  }

  /** Names, counted once in each run that has them. */
  get count(): number {
    let count = 0;
    for (let at = 0; at < this.runs.length; at++) count += this.end(at) - this.start(at);
    return count;
  }

  get first(): Uint8Array | undefined {
    let best: { readonly run: NameRun; readonly name: Uint8Array } | undefined;
    for (const [at, run] of this.runs.entries()) {
      const place = this.start(at);
      if (place < this.end(at) && (best === undefined || run.compare(place, best.name) < 0))
        best = { run, name: run.nameAt(place) };
    }
    return best?.name;
  }

  get last(): Uint8Array | undefined {
    let best: Uint8Array | undefined;
    for (const [at, run] of this.runs.entries()) {
      const place = this.end(at) - 1;
      if (place >= this.start(at) && (best === undefined || run.compare(place, best) > 0))
        best = run.nameAt(place);
    }
    return best;
  }

  /** Those that begin with the prefix. */
  below(prefix: Uint8Array): NameRange {
    const from = this.search((run, place) => run.compareStart(place, prefix) < 0);
    return this.between(
      from,
      this.search((run, place) => run.compareStart(place, prefix) <= 0, from),
    );
  }

  /** Those that begin with the prefix of the first one, and those behind them. */
  parted(prefix: Uint8Array): { readonly within: NameRange; readonly behind: NameRange } {
    const end = this.search((run, place) => run.compareStart(place, prefix) <= 0);
    return { within: this.between(this.from, end), behind: this.between(end, this.to) };
  }

  /** Those behind all that begin with the prefix. */
  behind(prefix: Uint8Array): NameRange {
    return this.between(
      this.search((run, place) => run.compareStart(place, prefix) <= 0),
      this.to,
    );
  }

  /** Those behind the name. */
  after(name: Uint8Array): NameRange {
    return this.between(
      this.search((run, place) => run.compare(place, name) <= 0),
      this.to,
    );
  }

  /** The name and those behind it. */
  since(name: Uint8Array): NameRange {
    return this.between(
      this.search((run, place) => run.compare(place, name) < 0),
      this.to,
    );
  }

  /** Those before the name. */
  before(name: Uint8Array): NameRange {
    return this.between(
      this.from,
      this.search((run, place) => run.compare(place, name) < 0),
    );
  }

  /** The name alone: once for each run that has it. */
  only(name: Uint8Array): NameRange {
    const from = this.search((run, place) => run.compare(place, name) < 0);
    return this.between(
      from,
      from.map((place, at) => {
        const run = this.runs[at];
        return run !== undefined && place < this.end(at) && run.compare(place, name) === 0
          ? place + 1
          : place;
      }),
    );
  }

  /** Each once, in their order. */
  *names(): Generator<Uint8Array> {
    const from = [...this.from];
    for (;;) {
      const name = this.between(from, this.to).first;
      if (name === undefined) return;
      for (const [at, run] of this.runs.entries()) {
        const place = from[at] ?? 0;
        if (place < this.end(at) && run.compare(place, name) === 0) from[at] = place + 1;
      }
      yield name;
    }
  }

  private between(from: readonly number[], to: readonly number[]): NameRange {
    return new NameRange(this.runs, from, to);
  }

  private start(at: number): number {
    return this.from[at] ?? 0;
  }

  private end(at: number): number {
    return this.to[at] ?? 0;
  }

  /** For each run the first place, not before `from`, that is not passed by. */
  private search(
    passed: (run: NameRun, place: number) => boolean,
    from: readonly number[] = this.from,
  ): number[] {
    return this.runs.map((run, at) => gallop(from[at] ?? 0, this.end(at), (place) => passed(run, place)));
  }
}

/** Where the names of a run that begin with a prefix start, and where they end. */
export function placesBelow(run: NameRun, prefix: Uint8Array): readonly [from: number, to: number] {
  const from = gallop(0, run.count, (place) => run.compareStart(place, prefix) < 0);
  return [from, gallop(from, run.count, (place) => run.compareStart(place, prefix) <= 0)];
}
