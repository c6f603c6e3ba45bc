import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { Emitter, type Event } from '../../core/base/event';
import type { Problem } from '../../core/base/problem';
import type { DatabaseTarget } from '../../core/database/databaseTarget';
import type { Inspector, ScanProgress } from '../../core/inspection/inspector';
import type { KeyFolder, RowPage } from '../../core/keyspace/tree/keyRow';

/** The database whose keys are shown, and how far it is known. */
export type ShownKeys =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting'; readonly target: DatabaseTarget }
  | { readonly kind: 'failed'; readonly target: DatabaseTarget; readonly problems: readonly Problem[] }
  | { readonly kind: 'open'; readonly target: DatabaseTarget; readonly progress?: ScanProgress };

/** Which database the Keys view shows. It starts no thread and connects to nothing before `show`. */
export class KeyStore implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  readonly onDidChange: Event<void> = this.changed.event;
  private inspecting: Promise<Inspector & Disposable> | undefined;
  private current: ShownKeys = { kind: 'none' };

  constructor(private readonly startInspector: () => Promise<Inspector & Disposable>) {}

  get shown(): ShownKeys {
    return this.current;
  }

  /** Connects to a database and starts to read its names; what was shown before is let go. */
  async show(target: DatabaseTarget): Promise<void> {
    await this.letGo();
    this.become({ kind: 'connecting', target });
    const inspector = await this.inspector();
    const opened = await inspector.open(target);
    if (this.current.kind !== 'connecting' || this.current.target !== target) return;
    if (!opened.ok) {
      this.become({ kind: 'failed', target, problems: opened.problems });
      return;
    }
    this.become({ kind: 'open', target });
    await inspector.scan(target.id, { pace: 'kind' });
  }

  /** Lets the database go; its connections are closed. */
  async letGo(): Promise<void> {
    const { current } = this;
    if (current.kind === 'none') return;
    this.become({ kind: 'none' });
    await (await this.inspector()).close(current.target.id);
  }

  /** Rows `from` to `from + most` of a folder of the database that is shown. */
  async rows(folder: KeyFolder, from: number, most: number): Promise<RowPage> {
    const { current } = this;
    if (current.kind !== 'open') return { rows: [], total: 0, complete: false };
    return (await this.inspector()).rows(current.target.id, folder, from, most);
  }

  dispose(): void {
    this.owned.dispose();
    void this.inspecting?.then((inspector) => {
      inspector.dispose();
    });
  }

  private inspector(): Promise<Inspector & Disposable> {
    this.inspecting ??= this.startInspector().then((inspector) => {
      inspector.onDidProgress((progress) => {
        this.follow(progress);
      });
      return inspector;
    });
    return this.inspecting;
  }

  private follow(progress: ScanProgress): void {
    const { current } = this;
    if (current.kind !== 'open' || current.target.id !== progress.database) return;
    this.become({ ...current, progress });
  }

  private become(shown: ShownKeys): void {
    this.current = shown;
    this.changed.fire();
  }
}
