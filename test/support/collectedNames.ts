import type { NameSink } from '../../src/core/keyspace/scan/scanPage';

/** Names as text, byte by byte, with how often each came. */
export class CollectedNames implements NameSink {
  readonly times = new Map<string, number>();

  add(source: Uint8Array, from: number, to: number): void {
    const text = Buffer.from(source.subarray(from, to)).toString('latin1');
    this.times.set(text, (this.times.get(text) ?? 0) + 1);
  }

  get sorted(): readonly string[] {
    return [...this.times.keys()].sort();
  }
}
