/** Something with an end. Disposing twice is harmless. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables: what is added after the end is disposed at once. */
export class DisposableStore implements Disposable {
  private readonly owned = new Set<Disposable>();
  private disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.disposed) item.dispose();
    else this.owned.add(item);
    return item;
  }

  dispose(): void {
    this.disposed = true;
    for (const item of [...this.owned].reverse()) item.dispose();
    this.owned.clear();
  }
}
