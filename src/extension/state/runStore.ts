import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { Emitter, type Event } from '../../core/base/event';
import type { Log } from '../../core/base/log';
import type { Run } from '../../core/run/run';
import type { RunRecord } from '../../core/run/runRecord';
import { afterMilliseconds, type Later } from './later';
import { OneAtATime } from '../../core/base/oneAtATime';
import { Paced } from './paced';

/** Where runs come from: the user's index of runs, and a way to open one. */
export interface RunSource {
  list(): Promise<readonly RunRecord[]>;
  open(record: RunRecord): Promise<Run>;
  readonly onDidChange: Event<void>;
}

interface Held {
  readonly run: Run;
  readonly subscription: Disposable;
  /** Live at some moment in this window, or launched here: stays visible after its end, until the next launch. */
  seenLive: boolean;
}

/** How many of a file's newest runs are asked whether they are live. */
const looksBack = 3;

/**
 * The runs that this window shows: of each experiment file the live one, else the last. It holds
 * no connection and watches nothing before `follow`.
 */
export class RunStore implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  /** After changes of runs, and of what is being launched. */
  readonly onDidChange: Event<void> = this.changed.event;
  private readonly held = new Map<string, Held>();
  private readonly launchingFiles = new Map<string, number>();
  private chosen: readonly Held[] = [];
  private source: Promise<RunSource> | undefined;
  private following: Promise<void> | undefined;
  private disposed = false;
  private indexRead = false;
  /** Runs whose journal says that they are over: never opened again just to ask whether they are live. */
  private readonly over = new Set<string>();
  private readonly ours = new Set<string>();
  private readonly refreshes = new OneAtATime(() => this.readIndex());
  /** Hundreds of models that start report hundreds of changes within a moment. */
  private readonly runChanges: Paced;

  constructor(
    private readonly openSource: () => Promise<RunSource>,
    private readonly log: Log,
    later: Later = afterMilliseconds,
  ) {
    this.runChanges = this.owned.add(
      new Paced(() => {
        this.changed.fire();
      }, later),
    );
  }

  /** Of each file one run, newest first. */
  get runs(): readonly Run[] {
    return this.chosen.map(({ run }) => run);
  }

  /** Runs that are live, or were so in this window: what the views of running things show. */
  get current(): readonly Run[] {
    return this.chosen
      .filter(({ run, seenLive }) => seenLive || run.snapshot.phase === 'lost')
      .map(({ run }) => run);
  }

  /** Whether the index has been read, so that `runs` is the whole truth. */
  get read(): boolean {
    return this.indexRead;
  }

  get launching(): ReadonlySet<string> {
    return new Set(this.launchingFiles.keys());
  }

  forFile(file: string): Run | undefined {
    return this.runs.find(({ record }) => record.file === file);
  }

  byId(id: string): Run | undefined {
    return this.held.get(id)?.run;
  }

  /** Reads the index now, and again whenever it changes. Later calls cost nothing. */
  async follow(): Promise<void> {
    this.following ??= this.refresh();
    try {
      await this.following;
    } catch (error) {
      // What hindered it may be gone when the next one asks.
      this.following = undefined;
      throw error;
    }
  }

  /** Reads the index again and asks the runs whose end nobody saw once more. */
  async refresh(): Promise<void> {
    this.source ??= this.beginSource();
    await this.refreshes.run();
  }

  /** Whether it was launched or taken over in this window. */
  isOurs(id: string): boolean {
    return this.ours.has(id);
  }

  /** Takes a run that was just started or taken over; it is now the run of its file. */
  add(run: Run): void {
    this.ours.add(run.record.id);
    this.hold(run, true);
    this.choose([run.record.id, ...this.chosen.map((entry) => entry.run.record.id)]);
  }

  /** Marks a file as being launched until the answer is disposed. */
  markLaunching(file: string): Disposable {
    this.count(file, 1);
    let over = false;
    return {
      dispose: () => {
        if (!over) this.count(file, -1);
        over = true;
      },
    };
  }

  dispose(): void {
    this.disposed = true;
    for (const id of [...this.held.keys()]) this.release(id);
    this.chosen = [];
    this.owned.dispose();
  }

  private async beginSource(): Promise<RunSource> {
    const source = await this.openSource();
    this.owned.add(
      source.onDidChange(() => {
        this.refreshInBackground();
      }),
    );
    return source;
  }

  private refreshInBackground(): void {
    this.refreshes.run().catch((error: unknown) => {
      this.log.error(`The index of runs cannot be read: ${String(error)}`);
    });
  }

  private async readIndex(): Promise<void> {
    const source = await this.source;
    if (source === undefined) return;
    const records = await source.list();
    const chosen = await Promise.all(
      [...byFile(records).values()].map((ofFile) => this.pick(source, ofFile)),
    );
    // A run that was started meanwhile is not in the list that was read: it stays.
    const unlisted = this.chosen
      .map(({ run }) => run)
      .filter((run) => run.live && !records.some(({ id }) => id === run.record.id));
    this.indexRead = true;
    this.choose([...unlisted.map(({ record }) => record.id), ...chosen]);
  }

  /** Id of the live run among the newest of one file, else of its last. */
  private async pick(source: RunSource, newestFirst: readonly RunRecord[]): Promise<string> {
    for (const [age, record] of newestFirst.slice(0, looksBack).entries()) {
      if (age > 0 && this.over.has(record.id)) continue;
      const run = await this.open(source, record);
      if (run.live) return record.id;
      if (hasEnded(run)) this.over.add(record.id);
    }
    return newestFirst[0]?.id ?? '';
  }

  private async open(source: RunSource, record: RunRecord): Promise<Run> {
    const known = this.held.get(record.id)?.run;
    if (known !== undefined && (known.live || hasEnded(known))) return known;
    const run = await source.open(record);
    // It may have been added by a launch while it was opened: that one has the subscriptions.
    const added = this.held.get(record.id)?.run;
    if (added?.live === true) {
      run.dispose();
      return added;
    }
    this.hold(run);
    return run;
  }

  private hold(run: Run, launchedHere = false): void {
    const { id } = run.record;
    if (this.disposed) {
      run.dispose();
      return;
    }
    const seenLive = launchedHere || run.live || this.held.get(id)?.seenLive === true;
    this.release(id);
    const held: Held = {
      run,
      seenLive,
      subscription: run.onDidChange(() => {
        held.seenLive ||= run.live;
        this.runChanges.changed();
      }),
    };
    this.held.set(id, held);
  }

  private release(id: string): void {
    const held = this.held.get(id);
    this.held.delete(id);
    held?.subscription.dispose();
    held?.run.dispose();
  }

  /** Keeps these, first of each file, and lets go of all others. */
  private choose(ids: readonly string[]): void {
    const files = new Set<string>();
    const chosen: Held[] = [];
    for (const id of new Set(ids)) {
      const held = this.held.get(id);
      if (held === undefined || files.has(held.run.record.file)) continue;
      files.add(held.run.record.file);
      chosen.push(held);
    }
    const kept = new Set(chosen.map(({ run }) => run.record.id));
    for (const id of [...this.held.keys()]) if (!kept.has(id)) this.release(id);
    this.chosen = chosen.sort((a, b) => b.run.record.createdAt - a.run.record.createdAt);
    this.changed.fire();
  }

  private count(file: string, step: number): void {
    const count = (this.launchingFiles.get(file) ?? 0) + step;
    if (count > 0) this.launchingFiles.set(file, count);
    else this.launchingFiles.delete(file);
    this.changed.fire();
  }
}

function byFile(records: readonly RunRecord[]): ReadonlyMap<string, readonly RunRecord[]> {
  const groups = new Map<string, RunRecord[]>();
  for (const record of [...records].sort((a, b) => b.createdAt - a.createdAt)) {
    const group = groups.get(record.file);
    if (group === undefined) groups.set(record.file, [record]);
    else group.push(record);
  }
  return groups;
}

function hasEnded({ snapshot }: Run): boolean {
  return snapshot.phase === 'stopped' || snapshot.phase === 'failed';
}
