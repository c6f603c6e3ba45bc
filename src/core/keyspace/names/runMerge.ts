import { RunBuilder, type AddressRun } from './addressRun';
import { beginOfName, lengthOfName, placeInChunk, type NameArena } from './nameArena';

/** Names between two looks at the clock. */
const namesPerLook = 512;

/** A run that is all used up loses against every other. */
const usedUp = -1;

/**
 * Many runs become one, part by part. The heads of the runs play a tournament; each knows how many first bytes it shares with
 * whom it lost to, so most games are decided without looking at names: who shares more with the name that was given last
 * comes earlier.
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
    this.heads = runs.map(() => ({ chunk: new Uint8Array(), begin: 0, length: 0, address: 0 }));
    const width = 2 ** Math.ceil(Math.log2(runs.length));
    this.losers = new Int32Array(width);
    this.shared = new Int32Array(width);
  }

  /** Goes on until a time of `performance.now()`. The whole run when all names are through, after which it is not to be called. */
  goOn(until: number): AddressRun | undefined {
    for (let run = 0; run < this.shared.length; run++) this.readHead(run);
    let winner = this.tournament(1);
    // What the first head shares with the name that was given last is not known.
    let isNew = !this.isLast(winner);
    for (let given = 1; this.shared[winner] !== usedUp; given++) {
      const head = this.heads[winner];
      if (head === undefined) break;
      if (isNew) {
        this.merged.add(head.address);
        this.last = head.address;
      }
      winner = this.replace(winner);
      // What is not before the name that was given, and has nothing that it does not share with it, is that name.
      isNew = this.shared[winner] !== this.heads[winner]?.length;
      if (given % namesPerLook === 0 && performance.now() >= until) return undefined;
    }
    return this.finish();
  }

  /** A name was taken out of one of the runs. */
  takenOut(run: AddressRun, place: number, name: Uint8Array): void {
    const at = this.runs.indexOf(run);
    if (at < 0) return;
    const through = this.through[at] ?? 0;
    if (place < through) this.through[at] = through - 1;
    this.takenOutMeanwhile.push(name);
  }

  private finish(): AddressRun {
    const merged = this.merged.finish();
    for (const name of this.takenOutMeanwhile) {
      const place = merged.placeOf(name);
      if (place !== undefined) merged.takeOut(place);
    }
    return merged;
  }

  private isLast(run: number): boolean {
    const head = this.heads[run];
    if (this.last === undefined || head === undefined) return false;
    return this.arena.compare(this.last, head.chunk.subarray(head.begin, head.begin + head.length)) === 0;
  }

  /** The next name of a run, of which nothing is known yet. */
  private readHead(run: number): void {
    const source = this.runs[run];
    const head = this.heads[run];
    const place = this.through[run] ?? 0;
    if (source === undefined || head === undefined || place >= source.count) {
      this.shared[run] = usedUp;
      return;
    }
    const address = source.addressAt(place);
    const chunk = this.arena.chunkAt(address);
    head.address = address;
    head.chunk = chunk;
    head.begin = beginOfName(chunk, placeInChunk(address));
    head.length = lengthOfName(chunk, placeInChunk(address));
    this.shared[run] = 0;
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
    const head = this.heads[run];
    if (head !== undefined) {
      const { chunk, begin, length } = head;
      this.through[run] = (this.through[run] ?? 0) + 1;
      this.readHead(run);
      if (this.shared[run] !== usedUp) this.shared[run] = sharedBytes(chunk, begin, length, head, 0);
    }
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

  /** Whose head comes first; the other one learns what it shares with it. */
  private winner(one: number, other: number): number {
    const known = this.shared[one] ?? usedUp;
    const knownOfOther = this.shared[other] ?? usedUp;
    if (known !== knownOfOther) return known > knownOfOther ? one : other;
    const head = this.heads[one];
    const otherHead = this.heads[other];
    if (known === usedUp || head === undefined || otherHead === undefined) return one;
    const shared = sharedBytes(head.chunk, head.begin, head.length, otherHead, known);
    const isSame = shared === head.length && shared === otherHead.length;
    const oneIsFirst = isSame
      ? one < other
      : shared === head.length ||
        (shared < otherHead.length &&
          (head.chunk[head.begin + shared] ?? 0) < (otherHead.chunk[otherHead.begin + shared] ?? 0));
    this.shared[oneIsFirst ? other : one] = shared;
    return oneIsFirst ? one : other;
  }
}

interface Head {
  chunk: Uint8Array;
  begin: number;
  length: number;
  address: number;
}

function sharedBytes(chunk: Uint8Array, begin: number, length: number, other: Head, known: number): number {
  const shorter = Math.min(length, other.length);
  let at = known;
  while (at < shorter && chunk[begin + at] === other.chunk[other.begin + at]) at++;
  return at;
}
