import { DisposableStore, type Disposable } from '../../core/base/disposables';
import { Emitter, type Event } from '../../core/base/event';
import { OneAtATime } from '../../core/base/oneAtATime';
import type { Problem } from '../../core/base/problem';
import type { DatabaseTarget } from '../../core/database/databaseTarget';
import type { Discovery } from '../../core/database/discovery/findDatabases';
import type { DatabaseOrigin, FoundDatabase } from '../../core/database/discovery/foundDatabase';
import type { DatabaseRun } from '../../core/database/discovery/runDatabases';
import type { DatabaseCore } from '../bridge/databaseCore';
import { RememberedDatabases, type Memory } from './rememberedDatabases';

/** Where passwords are kept; VS Code's `SecretStorage`. */
export interface Secrets {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/**
 * How this window stands with a database.
 * - `listed`: it is known, and nothing connects to it before somebody says so.
 * - `attached`: it is connected to as soon as somebody looks at its keys.
 */
export type ConnectionState =
  | { readonly kind: 'listed' | 'attached' | 'connecting' | 'connected' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** A database that this window knows. */
export interface KnownDatabase {
  readonly target: DatabaseTarget;
  readonly origins: readonly DatabaseOrigin[];
  /** Of its servers, as people write them. */
  readonly addresses: readonly string[];
  readonly state: ConnectionState;
  /** Somebody has connected to it by its address, and has not forgotten it since. */
  readonly remembered: boolean;
  /** It may be changed: it is ours, or was unlocked in this window. */
  readonly unlocked: boolean;
}

interface Options {
  readonly loadCore: () => Promise<DatabaseCore>;
  readonly runs: () => readonly DatabaseRun[];
  /** Looks where databases leave traces; connects to nothing. */
  readonly search: (core: DatabaseCore) => Promise<Discovery>;
  readonly memory: Memory;
  readonly secrets: Secrets;
}

/**
 * All databases that this window knows, each once: of runs, remembered ones, and what was found. It connects to none itself:
 * `attached` says to which of them views may.
 */
export class ConnectionStore implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  readonly onDidChange: Event<void> = this.changed.event;
  private readonly remembered: RememberedDatabases;
  private readonly searches: OneAtATime;
  private core: DatabaseCore | undefined;
  private first: Promise<void> | undefined;
  private found: Discovery = { databases: [], problems: [] };
  /** What the user has said of a database in this window, by its id. */
  private readonly wishes = new Map<string, 'connected' | 'disconnected'>();
  private readonly unlockedIds = new Set<string>();
  private readonly failures = new Map<string, Problem>();
  private active: { readonly id: string; readonly kind: 'connecting' | 'connected' } | undefined;

  constructor(private readonly options: Options) {
    this.remembered = new RememberedDatabases(options.memory);
    this.searches = new OneAtATime(async () => {
      this.found = await options.search(await this.load());
      this.changed.fire();
    });
  }

  /** In the order of trust: runs, remembered ones, what was found. None before the core was loaded. */
  get databases(): readonly KnownDatabase[] {
    const remembered = new Set(this.remembered.targets.map(({ id }) => id));
    const { databases } = this.found;
    const ours = new Set(databases.filter(({ isOurs }) => isOurs).map(({ target }) => target.id));
    const { core } = this;
    if (core === undefined) return [];
    return this.distinct(core).map(({ target, origins }) => ({
      target,
      origins,
      addresses: target.endpoints.map(core.endpointText),
      state: this.stateOf(target, ours.has(target.id)),
      remembered: remembered.has(target.id),
      unlocked: this.isUnlocked(target.id) || target.own,
    }));
  }

  /** Those that may be connected to. */
  get attached(): readonly DatabaseTarget[] {
    return this.databases
      .filter(({ state, target }) => state.kind !== 'listed' && this.wishes.get(target.id) !== 'disconnected')
      .map(({ target }) => target);
  }

  /** What should have told of databases in the last search, and did not. */
  get problems(): readonly Problem[] {
    return this.found.problems;
  }

  byId(id: string): KnownDatabase | undefined {
    return this.databases.find(({ target }) => target.id === id);
  }

  /** Afterwards runs and remembered databases are known. */
  async load(): Promise<DatabaseCore> {
    if (this.core !== undefined) return this.core;
    const core = await this.options.loadCore();
    this.core ??= core;
    this.changed.fire();
    return this.core;
  }

  /** Searches once; later calls wait for that. */
  once(): Promise<void> {
    return (this.first ??= this.search());
  }

  /** Searches anew. */
  search(): Promise<void> {
    return this.searches.run();
  }

  /** To be called when runs have changed. */
  update(): void {
    this.changed.fire();
  }

  /** From now on this database may be connected to in this window. */
  connect(id: string): void {
    this.wishes.set(id, 'connected');
    this.failures.delete(id);
    this.changed.fire();
  }

  /** Nothing connects to it in this window until somebody says so again; it is locked then. */
  disconnect(id: string): void {
    this.wishes.set(id, 'disconnected');
    this.unlockedIds.delete(id);
    this.changed.fire();
  }

  /** Keeps a database for later sessions, and what proves its user where only this user can read it. */
  async remember(target: DatabaseTarget, secret: string | undefined): Promise<void> {
    if (secret === undefined) await this.options.secrets.delete(secretKey(target.id));
    else await this.options.secrets.store(secretKey(target.id), secret);
    for (const { id } of await this.remembered.add(target)) await this.options.secrets.delete(secretKey(id));
    this.changed.fire();
  }

  /** Nothing of what was remembered is left. */
  async forget(id: string): Promise<void> {
    await this.options.secrets.delete(secretKey(id));
    await this.remembered.remove(id);
    this.wishes.delete(id);
    this.unlockedIds.delete(id);
    this.failures.delete(id);
    this.changed.fire();
  }

  async secretOf(id: string): Promise<string | undefined> {
    return this.options.secrets.get(secretKey(id));
  }

  isUnlocked(id: string): boolean {
    return this.unlockedIds.has(id);
  }

  unlock(id: string): void {
    this.unlockedIds.add(id);
    this.changed.fire();
  }

  lock(id: string): void {
    this.unlockedIds.delete(id);
    this.changed.fire();
  }

  /** To be told what became of the only database that is looked at; undefined: none is. */
  report(looked: { readonly id: string; readonly state: ConnectionState } | undefined): void {
    const before = JSON.stringify([this.active, looked && this.failures.get(looked.id)]);
    this.active = undefined;
    if (looked?.state.kind === 'failed') this.failures.set(looked.id, looked.state.problem);
    if (looked?.state.kind === 'connecting' || looked?.state.kind === 'connected') {
      this.failures.delete(looked.id);
      this.active = { id: looked.id, kind: looked.state.kind };
    }
    if (JSON.stringify([this.active, looked && this.failures.get(looked.id)]) !== before) this.changed.fire();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private distinct({ distinct, ofRuns }: DatabaseCore): readonly FoundDatabase[] {
    const remembered: readonly FoundDatabase[] = this.remembered.targets.map((target) => ({
      target,
      origins: [{ kind: 'address' }],
    }));
    return distinct([...ofRuns(this.options.runs()), ...remembered, ...this.found.databases]);
  }

  private stateOf({ id, own }: DatabaseTarget, isOurs: boolean): ConnectionState {
    if (this.active?.id === id) return { kind: this.active.kind };
    const wish = this.wishes.get(id);
    if (wish === 'disconnected') return { kind: 'listed' };
    const problem = this.failures.get(id);
    if (problem !== undefined) return { kind: 'failed', problem };
    return { kind: own || isOurs || wish === 'connected' ? 'attached' : 'listed' };
  }
}

function secretKey(id: string): string {
  return `smartsim.database:${id}`;
}
