import { mostShared, RunBuilder, type AddressRun } from './addressRun';
import { compareBytes } from './compareBytes';
import { beginOfName, lengthOfName, placeInChunk, type NameArena } from './nameArena';

/** Names between two looks at the clock. */
const namesPerLook = 512;

/** What the head of a run that is all used up shares: it loses against every other. */
const usedUp = -1;

/** What a head shares that is the name that was given last, once more: it wins against every other. */
const everything = 2 ** 30;

/**
 * Many runs become one, part by part. The heads of the runs play a tournament; each knows how many first bytes it shares with
 * whom it lost to, and runs know what neighbours share, so most games are decided without looking at names, which lie far
 * apart in memory: who shares more with the name that was given last comes earlier.
 */
export class RunMerge {
  private readonly merged: RunBuilder;
  /** Names of each run that are through. */
  private readonly through: number[];
  private readonly takenOutMeanwhile: Uint8Array[] = [];
  /** The address of the name that was given last. */
  private last: number | undefined;

  private readonly heads: Head[];
  /** For each run, how many bytes its head shares with whom it lost to last, or with what was given last. */
  private readonly shared: Int32Array;
  /** Who lost at each node; the children of node n are 2n and 2n + 1, the runs come behind all nodes. */
  private readonly losers: Int32Array;

  constructor(
    private readonly arena: NameArena,
    /** Of a name that is in several, the first one's stays. */
    readonly runs: readonly AddressRun[],
  ) {
    this.merged = new RunBuilder(arena);
    this.through = runs.map(() => 0);
    this.heads = runs.map(() => ({
      address: 0,
      isRead: false,
      chunk: new Uint8Array(),
      begin: 0,
      length: 0,
    }));
    const width = 2 ** Math.ceil(Math.log2(runs.length));
    this.losers = new Int32Array(width);
    this.shared = new Int32Array(width);
  }

  /** Goes on until a time of `performance.now()`. The whole run when all names are through, after which it is not to be called. */
  goOn(until: number): AddressRun | undefined {
    for (let run = 0; run < this.shared.length; run++) this.shared[run] = this.bringHead(run) ? 0 : usedUp;
    let winner = this.tournament(1);
    this.shareWithLast(winner);
    for (let given = 1; ; given++) {
      const shared = this.shared[winner] ?? usedUp;
      const head = this.heads[winner];
      if (shared === usedUp || head === undefined) return this.finish();
      if (shared !== everything) {
        this.merged.add(head.address, shared);
        this.last = head.address;
      }
      winner = this.replace(winner);
      if (given % namesPerLook === 0 && performance.now() >= until) return undefined;
    }
  }

  /** Names were taken out of one of the runs, at places that rise. */
  takenOut(run: AddressRun, places: readonly number[], names: readonly Uint8Array[]): void {
    const at = this.runs.indexOf(run);
    if (at < 0 || places.length === 0) return;
    const through = this.through[at] ?? 0;
    this.through[at] = through - places.filter((place) => place < through).length;
    for (const name of names) this.takenOutMeanwhile.push(name);
  }

  private finish(): AddressRun {
    const merged = this.merged.finish();
    if (this.takenOutMeanwhile.length > 0)
      merged.takeOut(merged.placesOf(this.takenOutMeanwhile.sort(compareBytes)));
    return merged;
  }

  /** What the first head shares with the name that was given last before a pause. */
  private shareWithLast(run: number): void {
    const head = this.heads[run];
    if (this.last === undefined || head === undefined || this.shared[run] === usedUp) return;
    this.read(head);
    const last: Head = { ...head, address: this.last, isRead: false };
    this.read(last);
    const shared = sharedBytes(last, head, 0);
    this.shared[run] = shared === last.length && shared === head.length ? everything : shared;
  }

  /** Whether a run has a next name. */
  private bringHead(run: number): boolean {
    const source = this.runs[run];
    const head = this.heads[run];
    const place = this.through[run] ?? 0;
    if (source === undefined || head === undefined || place >= source.count) return false;
    head.address = source.addressAt(place);
    head.isRead = false;
    return true;
  }

  private read(head: Head): void {
    if (head.isRead) return;
    const place = placeInChunk(head.address);
    head.chunk = this.arena.chunkAt(head.address);
    head.begin = beginOfName(head.chunk, place);
    head.length = lengthOfName(head.chunk, place);
    head.isRead = true;
  }

  private tournament(node: number): number {
    if (node >= this.losers.length) return node - this.losers.length;
    const one = this.tournament(2 * node);
    const other = this.tournament(2 * node + 1);
    const winner = this.winner(one, other);
    this.losers[node] = winner === one ? other : one;
    return winner;
  }

  /** The winner's name is through: its run's next one plays against all who lost to it. */
  private replace(run: number): number {
    this.shared[run] = this.next(run);
    let winner = run;
    for (let node = (run + this.losers.length) >> 1; node > 0; node >>= 1) {
      const other = this.losers[node] ?? 0;
      if (this.winner(winner, other) === other) {
        this.losers[node] = winner;
        winner = other;
      }
    }
    return winner;
  }

  /** Brings the next name of a run; what it shares with the one before it. */
  private next(run: number): number {
    const place = (this.through[run] ?? 0) + 1;
    this.through[run] = place;
    const shared = this.runs[run]?.sharedAt(place) ?? 0;
    const head = this.heads[run];
    if (shared < mostShared || head === undefined) return this.bringHead(run) ? shared : usedUp;
    this.read(head);
    const before = { ...head };
    if (!this.bringHead(run)) return usedUp;
    this.read(head);
    return sharedBytes(before, head, shared);
  }

  /** Whose head comes first; the other one learns what it shares with it. */
  private winner(one: number, other: number): number {
    const known = this.shared[one] ?? usedUp;
    const knownOfOther = this.shared[other] ?? usedUp;
    if (known !== knownOfOther) return known > knownOfOther ? one : other;
    if (known === usedUp || known === everything) return Math.min(one, other);
    const head = this.heads[one];
    const otherHead = this.heads[other];
    if (head === undefined || otherHead === undefined) return one;
    this.read(head);
    this.read(otherHead);
    const shared = sharedBytes(head, otherHead, known);
    const isSame = shared === head.length && shared === otherHead.length;
    const oneIsFirst = isSame
      ? one < other
      : shared === head.length ||
        (shared < otherHead.length &&
          (head.chunk[head.begin + shared] ?? 0) < (otherHead.chunk[otherHead.begin + shared] ?? 0));
    this.shared[oneIsFirst ? other : one] = isSame ? everything : shared;
    return oneIsFirst ? one : other;
  }
}

/** The next name of a run. Its bytes are looked for when they are needed first. */
interface Head {
  address: number;
  isRead: boolean;
  chunk: Uint8Array;
  begin: number;
  length: number;
}

function sharedBytes(one: Head, other: Head, known: number): number {
  const { chunk, begin } = one;
  const shorter = Math.min(one.length, other.length);
  let at = known;
  while (at < shorter && chunk[begin + at] === other.chunk[other.begin + at]) at++;
  return at;
}
