import { setImmediate } from 'node:timers/promises';
import type { Disposable } from '../base/disposables';
import type { FilteredNames } from '../keyspace/names/filteredNames';
import type { KeyNames } from '../keyspace/names/keyNames';
import { matchGlob, matchText, type NameMatch } from '../keyspace/names/nameMatch';
import { parseTypedKey, parseTypedPattern } from '../redis/displayKey';

/** Milliseconds that names are looked at without a pause: rows are asked for meanwhile. */
const workMs = 8;
/** Milliseconds from one report to the next. */
const tellEvery = 100;

/** Those names that fit what somebody has typed, found piece by piece, also among names that come later. */
export class NameSearch implements Disposable {
  readonly found: FilteredNames;
  private isWorking = false;
  private disposed = false;

  /** `tell` is called while names are looked at, and when all were that there are. */
  constructor(
    names: KeyNames,
    text: string,
    private readonly tell: () => void,
  ) {
    this.found = names.filter(matchTyped(text));
  }

  /** To be called when names have come: looks at some at once, and at all others soon. */
  goOn(): void {
    if (!this.isWorking && !this.found.findSome(workMs)) void this.work();
  }

  dispose(): void {
    this.disposed = true;
    this.found.dispose();
  }

  private async work(): Promise<void> {
    this.isWorking = true;
    let toldAt = performance.now();
    do {
      await setImmediate();
      if (performance.now() < toldAt + tellEvery) continue;
      toldAt = performance.now();
      this.report();
    } while (!this.disposed && !this.found.findSome(workMs));
    this.isWorking = false;
    this.report();
  }

  private report(): void {
    if (!this.disposed) this.tell();
  }
}

/** With `*`, `?` or `[` in it a pattern as Redis understands it, else a part of names. */
function matchTyped(text: string): NameMatch {
  return /[*?[]/.test(text) ? matchGlob(parseTypedPattern(text)) : matchText(parseTypedKey(text));
}
