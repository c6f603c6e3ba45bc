import { gallop } from './gallop';
import type { NameRun, SortedNames } from './sortedNames';

/** The first name, if there is one. */
interface Begin {
  readonly name: Uint8Array | undefined;
}

/** Neighbours in the order: one stretch of each run. */
export class NameRange {
  private begin: Begin | undefined;
  /** Runs of which something is left, in the order of their first names. */
  private byFirst: readonly number[] | undefined;

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
    this.begin ??= this.lookForFirst();
    return this.begin.name;
  }

  /** Those behind the first one. One after the other, each costs a few comparisons, however many runs there are. */
  get behindFirst(): NameRange {
    const order = this.byFirst ?? this.sortByFirst();
    const { name } = this.beginOf(order[0]);
    const others = [...order];
    let having = 0;
    while (having < order.length && name !== undefined && this.compareAt(order[having], name) === 0) having++;
    const moved = others.splice(0, having);
    const from = [...this.from];
    for (const run of moved) from[run] = this.start(run) + 1;
    const behind = this.between(from, this.to);
    for (const run of moved) behind.insert(others, run);
    behind.byFirst = others;
    behind.begin = behind.beginOf(others[0]);
    return behind;
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
    const end = this.runs.map((run, at) => {
      const from = this.start(at);
      const isWithin = from < this.end(at) && run.compareStart(from, prefix) === 0;
      return isWithin ? run.endOfShared(from, this.end(at), prefix.length) : from;
    });
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
    let rest = this as NameRange;
    for (let name = rest.first; name !== undefined; name = rest.first) {
      rest = rest.behindFirst;
      yield name;
    }
  }

  private lookForFirst(): Begin {
    let name: Uint8Array | undefined;
    for (let at = 0; at < this.runs.length; at++)
      if (this.start(at) < this.end(at) && (name === undefined || this.compareAt(at, name) < 0))
        ({ name } = this.beginOf(at));
    return { name };
  }

  private beginOf(run: number | undefined): Begin {
    return { name: run === undefined ? undefined : this.runs[run]?.nameAt(this.start(run)) };
  }

  private compareAt(run = 0, name: Uint8Array): number {
    return this.runs[run]?.compare(this.start(run), name) ?? 0;
  }

  private sortByFirst(): number[] {
    const order: number[] = [];
    for (let run = 0; run < this.runs.length; run++) this.insert(order, run);
    return order;
  }

  /** Puts a run among others, which are in the order of their first names, unless nothing is left of it. */
  private insert(order: number[], run: number): void {
    if (this.start(run) >= this.end(run)) return;
    const { name } = this.beginOf(run);
    if (name === undefined) return;
    const at = gallop(0, order.length, (other) => this.compareAt(order[other], name) < 0);
    order.splice(at, 0, run);
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
