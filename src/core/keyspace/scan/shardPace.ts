import type { ScanPace } from './scanTempo';

/** What a page has cost. */
export interface PageCost {
  /** Milliseconds from the question to the beginning of the answer. */
  readonly waitedMs: number;
  readonly nameBytes: number;
}

/** More names a page gain nothing and hold the server longer. */
const mostPerPage = 1000;
/** The size of names is not known yet: there are some of a mebibyte. */
const firstPage = 10;
const fastestGrowth = 10;
/** Milliseconds for which a page may hold the server at the kind pace. */
const heldMs = 1;
/** Bytes of names that a server has to hold for us. */
const pageBytes: Readonly<Record<ScanPace, number>> = { kind: 256 * 1024, full: 1024 * 1024 };
/** Of ten parts of a server's time nine are left to others. */
const restPerRoundTrip = 9;
/** Milliseconds. Pages that take longer than a fraction of that were held up by somebody else. */
const longestRest = 2000;

/** Milliseconds for which a server is left alone, at the kind pace, after it has worked for us for `ms`. */
export function restAfter(ms: number): number {
  return Math.min(longestRest, restPerRoundTrip * ms);
}

/** How large the next page of a shard may be, and how long it is left alone before: from what the last pages have cost. */
export class ShardPace {
  private perPage = firstPage;
  private quickest = Infinity;
  private lastMs = 0;
  private growing = true;

  /** COUNT of the next page. */
  get count(): number {
    return this.perPage;
  }

  /** The last page has not led to larger ones: there is nothing to learn from one before the next is asked for. */
  get isSteady(): boolean {
    return !this.growing;
  }

  /** Milliseconds between a page and the next, at the kind pace. */
  get restMs(): number {
    return restAfter(this.lastMs);
  }

  /** What a page of `count` has cost; what the way to the server and back takes is no time of the server. */
  took({ waitedMs, nameBytes }: PageCost, pace: ScanPace): void {
    this.lastMs = waitedMs;
    this.quickest = Math.min(this.quickest, waitedMs);
    const held = waitedMs - this.quickest;
    const bySize = pageBytes[pace] / Math.max(1, nameBytes);
    const byTime = pace === 'full' ? Infinity : heldMs / Math.max(held, Number.EPSILON);
    this.scale(Math.min(fastestGrowth, bySize, byTime));
  }

  /** A page was more than we take at once. */
  wasTooLarge(): void {
    this.perPage = 1;
  }

  private scale(factor: number): void {
    const before = this.perPage;
    this.perPage = Math.max(1, Math.min(mostPerPage, Math.floor(before * factor)));
    this.growing = this.perPage > before;
  }
}
