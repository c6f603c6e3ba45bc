import type { NameRun, SortedNames } from './sortedNames';
import { compareBytes, compareStart } from './compareBytes';

/**
 * The names of a keyspace, each once, in the order of their bytes; a folder is a range of them. Names that are added show up
 * in the order after the next `settle`.
 */
export class KeyNames implements SortedNames {
  /** Set by who brings the names, when none is missing. */
  complete = false;
  private sorted: Uint8Array[] = [];
  private added: Uint8Array[] = [];

  /** Takes a copy of the bytes. */
  add(name: Uint8Array): void {
    this.added.push(name.slice());
  }

  /** Puts what was added into its place. */
  settle(): void {
    const all = [...this.sorted, ...this.added].sort(compareBytes);
    this.sorted = all.filter((name, at) => at === 0 || compareBytes(name, all[at - 1] ?? name) !== 0);
    this.added = [];
  }

  /** Names that are in their place. */
  get count(): number {
    return this.sorted.length;
  }

  get runs(): readonly NameRun[] {
    return [
      {
        count: this.count,
        nameAt: (place) => this.nameAt(place),
        compare: (place, bytes) => compareBytes(this.nameAt(place), bytes),
        compareStart: (place, prefix) => compareStart(this.nameAt(place), prefix),
      },
    ];
  }

  knows(wanted: Uint8Array): boolean {
    return this.sorted.some((name) => compareBytes(name, wanted) === 0);
  }

  /** The name at a place in the order. */
  nameAt(place: number): Uint8Array {
    const name = this.sorted[place];
    if (name === undefined) throw new RangeError(`There is no name ${place}.`);
    return name;
  }
}
