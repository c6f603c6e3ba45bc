import type { Disposable } from '../../core/base/disposables';

/**
 * Work that is put off while its cause goes on, for each key on its own. A new call gives up the
 * work of the call before: before it began it never begins, later its signal is aborted.
 */
export class KeyedDelay implements Disposable {
  private readonly pending = new Map<
    string,
    { readonly timer: NodeJS.Timeout; readonly abort: AbortController }
  >();

  constructor(private readonly milliseconds: number) {}

  schedule(key: string, work: (signal: AbortSignal) => Promise<void>): void {
    this.cancel(key);
    const abort = new AbortController();
    const timer = setTimeout(() => void work(abort.signal), this.milliseconds);
    this.pending.set(key, { timer, abort });
  }

  cancel(key: string): void {
    const entry = this.pending.get(key);
    this.pending.delete(key);
    clearTimeout(entry?.timer);
    entry?.abort.abort();
  }

  dispose(): void {
    for (const key of [...this.pending.keys()]) this.cancel(key);
  }
}
