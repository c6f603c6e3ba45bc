import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { Emitter, type Event } from '../../core/base/event';
import type { Log } from '../../core/base/log';
import { messageOf, problem, type Problem } from '../../core/base/problem';
import type { DatabaseState } from '../../core/database/databaseState';
import type { DatabaseTarget } from '../../core/database/databaseTarget';
import type { Inspector, NamesProgress, ScanRequest } from '../../core/inspection/inspector';
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
  | OpenKeys;

export interface OpenKeys {
  readonly kind: 'open';
  readonly target: DatabaseTarget;
  /** It is not ours, and the user has said that it may be changed. */
  readonly unlocked: boolean;
  readonly clustered: boolean;
  readonly state: DatabaseState;
  readonly progress?: NamesProgress;
}

/** What is known of a database besides where it is. */
export interface DatabaseAccess {
  /** What proves who we are to it, if anything does. */
  secretOf(id: string): Promise<string | undefined>;
  /** The user has said that it may be changed, although it is not ours. */
  isUnlocked(id: string): boolean;
}

/** Which keys are wanted; all without any. */
export interface KeyFilter {
  /** A part of their names or a pattern, as somebody has typed it. */
  readonly text?: string;
  /** Redis' name of their type. */
  readonly type?: string;
}

/** A database that can be asked now. */
export interface OpenDatabase {
  readonly inspector: Inspector;
  readonly target: DatabaseTarget;
  readonly clustered: boolean;
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
  private chosen: DatabaseTarget | undefined;
  private visible = false;
  private hiding: Disposable | undefined;
  /** Of what takes long and has not ended. */
  private works = 0;
  private wantedKeys: KeyFilter = {};
  private wantedPace: ScanRequest['pace'] = 'kind';

  constructor(
    private readonly loadCore: () => Promise<KeyCore>,
    private readonly access: DatabaseAccess,
    private readonly log: Log,
    private readonly later: Later = afterMilliseconds,
  ) {}

  get shown(): ShownKeys {
    return this.current;
  }

  /** The keys that are looked for. */
  get filter(): KeyFilter {
    return this.wantedKeys;
  }

  get pace(): ScanRequest['pace'] {
    return this.wantedPace;
  }

  /** Whether anything may be changed in the database that is shown. */
  get changeable(): boolean {
    return this.current.kind === 'open' && (this.current.target.own || this.current.unlocked);
  }

  /** The databases that there are now. */
  get targets(): readonly DatabaseTarget[] {
    return this.offered;
  }

  /** The database that is shown, if it can be asked now. */
  get open(): OpenDatabase | undefined {
    const { current, thread } = this;
    return current.kind === 'open' && thread !== undefined
      ? { inspector: thread, target: current.target, clustered: current.clustered }
      : undefined;
  }

  /** The database of this id, if it is the one that is wanted; connected to anew where the view was hidden for long. */
  async reached(id: string): Promise<OpenDatabase | undefined> {
    const { wanted } = this;
    if (wanted?.id !== id) return undefined;
    if (this.open === undefined && this.current.kind === 'none') await this.connect(wanted);
    return this.open;
  }

  /** The core's words for keys; loads them where they are not there yet. */
  async words(): Promise<KeyCore> {
    this.core ??= this.loadCore();
    this.loaded = await this.core;
    return this.loaded;
  }

  /** The databases that there are now; the first is shown where none was chosen, or the chosen one is gone. */
  offer(targets: readonly DatabaseTarget[]): void {
    this.offered = targets;
    this.follow();
  }

  /** Shows this database from now on, for as long as it is offered. */
  choose(target: DatabaseTarget): void {
    this.chosen = target;
    // What somebody has agreed to meanwhile belongs to the target: further hosts, an authority.
    if (this.wanted?.id === target.id) this.wanted = target;
    this.follow();
    // Whoever chooses what could not be shown wants another try, with what proves the user now.
    if (this.wanted === target && this.isRefused)
      this.background('The database cannot be shown', () => this.connect(target));
  }

  /** Does what takes long: until it has ended, nothing is forgotten, however long the view is hidden. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.works += 1;
    try {
      return await work();
    } finally {
      this.works -= 1;
    }
  }

  /** To be called when a database may have been unlocked, or locked again. */
  async followAccess(): Promise<void> {
    const { current, open } = this;
    if (current.kind !== 'open' || open === undefined) return;
    const { id } = current.target;
    const unlocked = this.access.isUnlocked(id);
    if (unlocked === current.unlocked) return;
    await open.inspector.unlock(id, unlocked);
    if (this.current.kind === 'open' && this.current.target.id === id)
      this.become({ ...this.current, unlocked });
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
    this.leaveSoon();
  }

  /** Reads all names anew, connecting anew where that failed. */
  async rescan(): Promise<void> {
    const { wanted, open } = this;
    if (wanted === undefined || this.current.kind === 'connecting') return;
    if (open === undefined) await this.connect(wanted);
    else await open.inspector.scan(wanted.id, this.request);
  }

  async setPace(pace: ScanRequest['pace']): Promise<void> {
    this.wantedPace = pace;
    const { open } = this;
    if (open !== undefined) await open.inspector.setPace(open.target.id, pace);
  }

  /** Names are looked for among those that are known; another type is asked of the servers. */
  async setFilter(filter: KeyFilter): Promise<void> {
    const { type } = this.wantedKeys;
    this.wantedKeys = filter;
    const { open } = this;
    if (open !== undefined) await open.inspector.filter(open.target.id, filter.text ?? '');
    if (filter.type === type) return;
    if (this.current.kind === 'open') {
      const { target, unlocked, clustered, state } = this.current;
      this.become({ kind: 'open', target, unlocked, clustered, state });
    }
    await this.rescan();
  }

  rows(folder: KeyFolder, request: RowRequest): Promise<RowPage> {
    return this.ask((inspector, id) => inspector.rows(id, folder, request), noRows);
  }

  details(keys: readonly Uint8Array[]): Promise<readonly KeyDetails[]> {
    return this.ask<readonly KeyDetails[]>((inspector, id) => inspector.details(id, keys), []);
  }

  /** The bytes of a name for people. Rows exist only after the core was loaded. */
  displayKey(name: Uint8Array, most?: number): string {
    return this.loaded?.displayKey(name, most) ?? '';
  }

  dispose(): void {
    this.hiding?.dispose();
    this.thread?.dispose();
    this.owned.dispose();
  }

  private get request(): ScanRequest {
    const { type } = this.wantedKeys;
    return { pace: this.wantedPace, ...(type === undefined ? {} : { type }) };
  }

  /** Shows what is wanted now, if that is another than before. */
  private follow(): void {
    const { chosen } = this;
    const offered = this.offered.find(({ id }) => id === chosen?.id) ?? this.offered[0];
    if (offered?.id === this.wanted?.id) return;
    const before = this.wanted;
    this.wanted = offered;
    this.background('The database cannot be shown', async () => {
      this.become({ kind: 'none' });
      if (before !== undefined) await this.thread?.close(before.id);
      const { wanted, current } = this;
      const isWanted = wanted !== undefined && wanted.id === offered?.id;
      if (this.visible && isWanted && current.kind === 'none') await this.connect(wanted);
    });
  }

  private async wake(): Promise<void> {
    const { current, wanted, open } = this;
    if (open !== undefined) {
      await open.inspector.resume(open.target.id);
      await this.watch(true);
    } else if (wanted !== undefined && current.kind !== 'connecting') await this.connect(wanted);
  }

  private async connect(target: DatabaseTarget): Promise<void> {
    this.become({ kind: 'connecting', target });
    const thread = await this.started();
    const opened = await thread.open(target, await this.access.secretOf(target.id));
    if (this.current.kind !== 'connecting' || this.current.target !== target) {
      // Another one is wanted by now.
      if (this.wanted?.id !== target.id) await thread.close(target.id);
      return;
    }
    if (!opened.ok) {
      for (const found of opened.problems) this.log.warn(`${found.code}: ${messageOf(found)}`);
      this.become({ kind: 'failed', target, problems: opened.problems });
      return;
    }
    const unlocked = this.access.isUnlocked(target.id);
    if (unlocked) await thread.unlock(target.id, true);
    const { clustered } = opened.value;
    this.become({ kind: 'open', target, unlocked, clustered, state: { kind: 'live' } });
    const { text } = this.wantedKeys;
    if (text !== undefined) await thread.filter(target.id, text);
    await thread.scan(target.id, this.request);
    await this.watch(this.visible);
    // A document alone wanted it.
    if (!this.visible && this.hiding === undefined) this.leaveSoon();
  }

  private async watch(watched: boolean): Promise<void> {
    await this.open?.inspector.watch(this.open.target.id, watched);
  }

  /** Nothing comes of connecting again with what was there before. */
  private get isRefused(): boolean {
    const { current } = this;
    return current.kind === 'failed' || (current.kind === 'open' && current.state.kind === 'refused');
  }

  private leaveSoon(): void {
    this.hiding = this.later(() => {
      this.background('Reading keys cannot be stopped', async () => {
        await this.open?.inspector.pause(this.open.target.id);
      });
      this.forgetLater();
    }, untilPaused);
  }

  private forgetLater(): void {
    this.hiding = this.later(() => {
      if (this.works > 0) this.forgetLater();
      else this.forget();
    }, untilForgotten - untilPaused);
  }

  private forget(): void {
    this.hiding = undefined;
    this.thread?.dispose();
    this.thread = undefined;
    this.become({ kind: 'none' });
  }

  private async started(): Promise<InspectorThread> {
    const core = await this.words();
    if (this.thread !== undefined) return this.thread;
    const thread = core.startInspector();
    this.thread = thread;
    thread.onDidProgress((progress) => {
      this.learn(progress.database, { progress });
    });
    thread.onDidChangeState(({ database, state }) => {
      this.learn(database, { state });
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
  private async ask<T>(question: (inspector: Inspector, id: string) => Promise<T>, nothing: T): Promise<T> {
    const { thread, open } = this;
    if (open === undefined) return nothing;
    try {
      return await question(open.inspector, open.target.id);
    } catch (error) {
      // After the end of the thread that was told already.
      if (this.thread === thread) this.log.error(`Keys cannot be told: ${String(error)}`);
      return nothing;
    }
  }

  private learn(database: string, news: Partial<Pick<OpenKeys, 'progress' | 'state'>>): void {
    const { current } = this;
    if (current.kind === 'open' && current.target.id === database) this.become({ ...current, ...news });
  }

  private become(shown: ShownKeys): void {
    this.current = shown;
    this.changed.fire();
  }

  private background(what: string, work: () => Promise<unknown>): void {
    void inBackground(what, work, this.log);
  }
}
