import type { Disposable } from './disposables';

/** A typed event: call it with a listener, dispose the answer to stop listening. Fits VS Code's `Event<T>`. */
export type Event<T> = (listener: (value: T) => unknown) => Disposable;

/** The sending side of an event. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<(value: T) => unknown>();

  readonly event: Event<T> = (listener) => {
    // A wrapper of its own for each subscription, so that one listener may be added twice.
    const entry = (value: T): unknown => listener(value);
    this.listeners.add(entry);
    return { dispose: () => this.listeners.delete(entry) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}
