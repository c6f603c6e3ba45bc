import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { Emitter, type Event } from '../../core/base/event';
import type { Log } from '../../core/base/log';
import { problem, type Problem } from '../../core/base/problem';
import type { DatabaseTarget } from '../../core/database/databaseTarget';
import type { ScanPace, ScanProgress } from '../../core/inspection/inspector';
import type { KeyFolder, RowPage, RowRequest } from '../../core/keyspace/tree/keyRow';
import type { KeyDetails } from '../../core/value/details/keyDetails';
import { inBackground } from '../bridge/background';
import type { InspectorThread } from '../bridge/inspectorThread';
import type { KeyCore } from '../bridge/keyCore';
import { afterMilliseconds, type Later } from './later';

/** The database whose keys are shown, and how far it is known. */
export type ShownKeys =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting'; readonly target: DatabaseTarget }
  | { readonly kind: 'failed'; readonly target: DatabaseTarget; readonly problems: readonly Problem[] }
  | { readonly kind: 'open'; readonly target: DatabaseTarget; readonly progress?: ScanProgress };

/** Which names are wanted; all without any. */
export interface KeyFilter {
  /** A pattern as Redis understands it. */
  readonly match?: Uint8Array;
  /** Redis' name of a type. */
  readonly type?: string;
}

/** Milliseconds that a hidden view goes on reading: people look at another view and come back. */
const untilPaused = 10_000;
/** Milliseconds after which nothing is kept for a hidden view: neither connections nor names. */
const untilForgotten = 10 * 60_000;

const noRows: RowPage = { rows: [], total: 0, rest: 0, order: 'natural', complete: false };

/**
 * The database that the Keys view shows: the one that the user chose, else the first that there is. It starts no thread and
 * connects to nothing before the view is visible; a hidden view costs nothing after a while.
 */
export class KeyStore implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  /** Another database, another state of it, or more of its keys. */
  readonly onDidChange: Event<void> = this.changed.event;
  private core: Promise<KeyCore> | undefined;
  private loaded: KeyCore | undefined;
  private thread: InspectorThread | undefined;
  private current: ShownKeys = { kind: 'none' };
  private wanted: DatabaseTarget | undefined;
  private offered: readonly DatabaseTarget[] = [];
  private chosenId: string | undefined;
  private visible = false;
  private hiding: Disposable | undefined;
  private wantedPace: ScanPace = 'kind';
  private wantedFilter: KeyFilter = {};

  constructor(
    private readonly loadCore: () => Promise<KeyCore>,
    private readonly log: Log,
    private readonly later: Later = afterMilliseconds,
  ) {}

  get shown(): ShownKeys {
    return this.current;
  }

  /** Whether anything may be changed in the database that is shown. */
  get changeable(): boolean {
    return this.current.kind === 'open' && this.current.target.own;
  }

  get filter(): KeyFilter {
    return this.wantedFilter;
  }

  get pace(): ScanPace {
    return this.wantedPace;
  }

  /** The databases that there are now: what is chosen among them stays chosen while it is there. */
  offer(targets: readonly DatabaseTarget[]): void {
    this.offered = targets;
    this.follow();
  }

  get targets(): readonly DatabaseTarget[] {
    return this.offered;
  }

  /** Shows this database from now on. */
  choose(target: DatabaseTarget): void {
    this.chosenId = target.id;
    if (!this.offered.some(({ id }) => id === target.id)) this.offered = [...this.offered, target];
    this.follow();
  }

  /** A view that is hidden for a while reads no further, and later forgets what it has read. */
  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    this.hiding?.dispose();
    this.hiding = undefined;
    if (visible) {
      this.background('The keys cannot be read on', () => this.wake());
      return;
    }
    this.background('The keys cannot be left alone', () => this.watch(false));
    this.hiding = this.later(() => {
      const { current } = this;
      if (current.kind === 'open') {
        this.background('Reading keys cannot be stopped', async () => {
          await this.thread?.pause(current.target.id);
        });
      }
      this.hiding = this.later(() => {
        this.forget();
      }, untilForgotten - untilPaused);
    }, untilPaused);
  }

  /** Reads all names anew, connecting anew where that failed. */
  async rescan(): Promise<void> {
    const { wanted } = this;
    if (wanted === undefined) return;
    if (this.current.kind !== 'open') await this.open(wanted);
    else await this.thread?.scan(wanted.id, this.request());
  }

  async setPace(pace: ScanPace): Promise<void> {
    this.wantedPace = pace;
    this.changed.fire();
    await this.rescan();
  }

  async setFilter(filter: KeyFilter): Promise<void> {
    this.wantedFilter = filter;
    this.changed.fire();
    await this.rescan();
  }

  rows(folder: KeyFolder, request: RowRequest): Promise<RowPage> {
    return this.ask((thread, id) => thread.rows(id, folder, request), noRows);
  }

  details(keys: readonly Uint8Array[]): Promise<readonly KeyDetails[]> {
    return this.ask<readonly KeyDetails[]>((thread, id) => thread.details(id, keys), []);
  }

  /** The bytes of a name for people. Rows exist only after the core was loaded. */
  displayKey(name: Uint8Array): string {
    return this.loaded?.displayKey(name) ?? '';
  }

  dispose(): void {
    this.hiding?.dispose();
    this.thread?.dispose();
    this.owned.dispose();
  }

  /** Shows what is wanted now, if that is another than before. */
  private follow(): void {
    const chosen = this.offered.find(({ id }) => id === this.chosenId) ?? this.offered[0];
    if (chosen?.id === this.wanted?.id) return;
    const before = this.wanted;
    this.wanted = chosen;
    this.background('The database cannot be shown', async () => {
      this.become({ kind: 'none' });
      if (before !== undefined) await this.thread?.close(before.id);
      if (this.visible && chosen !== undefined && this.wanted === chosen) await this.open(chosen);
    });
  }

  private async wake(): Promise<void> {
    const { current, wanted } = this;
    if (current.kind === 'open') {
      await this.thread?.resume(current.target.id);
      await this.watch(true);
    } else if (wanted !== undefined && current.kind !== 'connecting') await this.open(wanted);
  }

  private async open(target: DatabaseTarget): Promise<void> {
    this.become({ kind: 'connecting', target });
    const thread = await this.started();
    const opened = await thread.open(target);
    if (this.current.kind !== 'connecting' || this.current.target !== target) return;
    if (!opened.ok) {
      this.become({ kind: 'failed', target, problems: opened.problems });
      return;
    }
    this.become({ kind: 'open', target });
    await thread.scan(target.id, this.request());
    await this.watch(this.visible);
  }

  private async watch(watched: boolean): Promise<void> {
    const { current } = this;
    if (current.kind === 'open') await this.thread?.watch(current.target.id, watched);
  }

  private request(): { readonly pace: ScanPace } & KeyFilter {
    return { ...this.wantedFilter, pace: this.wantedPace };
  }

  private forget(): void {
    this.thread?.dispose();
    this.thread = undefined;
    this.become({ kind: 'none' });
  }

  private async started(): Promise<InspectorThread> {
    this.core ??= this.loadCore();
    this.loaded = await this.core;
    if (this.thread !== undefined) return this.thread;
    const thread = this.loaded.startInspector();
    this.thread = thread;
    thread.onDidProgress((progress) => {
      this.progressed(progress);
    });
    thread.onDidFail((reason) => {
      this.log.error(`The thread that looks into databases ended: ${reason}`);
      if (this.thread !== thread) return;
      this.thread = undefined;
      const { current } = this;
      if (current.kind === 'none') return;
      this.become({ kind: 'failed', target: current.target, problems: [problem('inspector-ended')] });
    });
    return thread;
  }

  /** Asks about the database that is shown; `nothing` is the answer where none is, or where it was let go meanwhile. */
  private async ask<T>(
    question: (thread: InspectorThread, id: string) => Promise<T>,
    nothing: T,
  ): Promise<T> {
    const { current, thread } = this;
    if (current.kind !== 'open' || thread === undefined) return nothing;
    try {
      return await question(thread, current.target.id);
    } catch (error) {
      if (this.thread !== thread) return nothing;
      throw error;
    }
  }

  private progressed(progress: ScanProgress): void {
    const { current } = this;
    if (current.kind !== 'open' || current.target.id !== progress.database) return;
    this.become({ ...current, progress });
  }

  private become(shown: ShownKeys): void {
    this.current = shown;
    this.changed.fire();
  }

  private background(what: string, work: () => Promise<unknown>): void {
    void inBackground(what, work, this.log);
  }
}
