import type { Disposable } from '../base/disposables';
import { Emitter } from '../base/event';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { slotOfKey } from '../redis/keySlot';
import { RedisFailure, RedisRefusal } from '../redis/redisFailure';
import { endpointText, type Endpoint } from '../redis/wire/endpoint';
import type { Reply, Words } from '../redis/wire/reply';
import type { WireConnection } from '../redis/wire/wireConnection';
import { WireFailure } from '../redis/wire/wireFailure';
import { isLooking } from './allowedCommands';
import {
  asFailure,
  DatabaseFailure,
  deniedCommand,
  ignoreFailure,
  isHopeless,
  problemOfFailure,
} from './databaseFailure';
import type { DatabaseOptions } from './databaseOptions';
import type { DatabaseShard } from './databaseShard';
import type { DatabaseState } from './databaseState';
import type { DatabaseTarget } from './databaseTarget';
import {
  askOwner,
  askOwners,
  askOwnerTogether,
  servedBy,
  type KeyQuestion,
  type QuestionRouter,
} from './keyQuestions';
import { Pulse } from './pulse';
import { ShardLinks } from './shardLinks';
import { readTopology, type Topology } from './topology';

export type { DatabaseOptions } from './databaseOptions';
export type { KeyQuestion } from './keyQuestions';

/**
 * A database that is connected to as a whole: its shards, and a held connection to each that was asked. It follows the
 * cluster where that changes, and what was lost is connected again when it is asked, or by itself while somebody watches.
 */
export class Database implements Disposable {
  private readonly links: ShardLinks;
  private readonly pulse = new Pulse(() => this.look());
  private readonly router: QuestionRouter = {
    ownerOf: (key) => this.ownerOf(key),
    connectionTo: (endpoint) => this.links.connectionTo(endpoint),
    refresh: () => this.refresh(),
  };
  private readonly deniedCommands = new Set<string>();
  /** Of shards that do not answer, by name. */
  private readonly troubles = new Map<string, Problem>();
  private readonly changed = new Emitter<DatabaseState>();
  private readonly moved = new Emitter<readonly DatabaseShard[]>();
  private current: DatabaseState = { kind: 'connecting' };
  private topology: Topology = { clustered: false, shards: [], owners: [] };
  private refreshing: Promise<void> | undefined;
  private unlockedByUser = false;
  private readonly beatMs: number;

  constructor(
    readonly target: DatabaseTarget,
    options: DatabaseOptions,
  ) {
    this.beatMs = options.beatMs ?? usualBeatMs;
    const guard = {
      forbids: (words: Words) => this.forbidden(words),
      onRefusal: ([name, first]: Words, refusal: RedisRefusal) => {
        const command = deniedCommand(refusal);
        // Of what was asked alone: a server could make up names without an end.
        const asked = [name, `${name}|${typeof first === 'string' ? first : ''}`];
        if (command !== undefined && asked.some((one) => one.toLowerCase() === command))
          this.deniedCommands.add(command);
      },
    };
    this.links = new ShardLinks(target, options, guard, {
      answered: (name) => {
        this.answered(name);
      },
      failed: (name, reason) => {
        this.failed(name, reason);
      },
    });
  }

  /** Connects to the first endpoint that answers, and learns from it of all shards. */
  static async open(target: DatabaseTarget, options: DatabaseOptions): Promise<Result<Database>> {
    const database = new Database(target, options);
    const connected = await database.connect();
    if (connected.ok) return success(database);
    database.dispose();
    return connected;
  }

  /** How we stand with it now. */
  get state(): DatabaseState {
    return this.current;
  }

  readonly onDidChangeState = this.changed.event;
  /** Other shards than before, or other slots. */
  readonly onDidChangeShards = this.moved.event;

  /** In the order of their slots. */
  get shards(): readonly DatabaseShard[] {
    return this.topology.shards;
  }

  get clustered(): boolean {
    return this.topology.clustered;
  }

  /** Commands that the server does not let us use, as its access list calls them (`type`, `cluster|slots`). */
  get denied(): ReadonlySet<string> {
    return this.deniedCommands;
  }

  /** Whether commands that change something are sent: where it is ours, or the user has said so. */
  get unlocked(): boolean {
    return this.target.own || this.unlockedByUser;
  }

  unlock(): void {
    this.unlockedByUser = true;
  }

  lock(): void {
    this.unlockedByUser = false;
  }

  /** Connects, or tries again at once what has failed or was refused. */
  async connect(): Promise<Result<void>> {
    this.links.hurry();
    this.deniedCommands.clear();
    try {
      await this.refresh();
      return success(undefined);
    } catch (error) {
      return failure(this.problemOf(asFailure(error)));
    } finally {
      this.pulse.beatIn(this.pauseMs());
    }
  }

  /** The held connection to a shard, made anew where it was lost. Throws a RedisFailure. */
  connection(shard: DatabaseShard): Promise<WireConnection> {
    return this.links.connectionTo(shard.endpoint);
  }

  /** Asks the shard to which a key belongs, also where it has just moved. Throws a RedisFailure. */
  askOwner(key: Uint8Array, ...words: Words): Promise<Reply> {
    return askOwner(this.router, { key, words });
  }

  /**
   * Asks the shard to which a key belongs several things in one round trip, also where it has just moved: commands that only
   * look, whose answers may be refusals. Throws a RedisFailure.
   */
  askOwnerTogether(key: Uint8Array, commands: readonly Words[]): Promise<readonly Reply[]> {
    return askOwnerTogether(this.router, key, commands);
  }

  /**
   * Asks about many keys, each shard once; answers in the order of the questions. One that has no answer has what went wrong
   * in its place. `onElsewhere` hears of the keys that another shard answered for than the one to which they belong.
   */
  askOwners(
    questions: readonly KeyQuestion[],
    onElsewhere?: (key: Uint8Array) => void,
  ): Promise<readonly (Reply | RedisFailure)[]> {
    return askOwners(this.router, questions, onElsewhere);
  }

  /** Throws a RedisFailure where no shard serves the key. */
  shardOf(key: Uint8Array): DatabaseShard {
    return servedBy(this.router, key);
  }

  /** Looks at the cluster anew. Throws a RedisFailure. */
  refresh(): Promise<void> {
    this.refreshing ??= this.readAnew().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  /** Until it is disposed, whether the shards answer is looked at regularly, and what was lost is connected again. */
  watch(): Disposable {
    return this.pulse.watch();
  }

  dispose(): void {
    this.pulse.dispose();
    this.set({ kind: 'closed' });
    this.links.dispose();
    this.changed.dispose();
    this.moved.dispose();
  }

  private ownerOf(key: Uint8Array): DatabaseShard | undefined {
    const { clustered, owners, shards } = this.topology;
    return clustered ? owners[slotOfKey(key)] : shards[0];
  }

  /** Every command passes here before it leaves. */
  private forbidden(words: Words): DatabaseFailure | undefined {
    if (this.unlocked || isLooking(words)) return undefined;
    const [command] = words;
    const found = problem('database-locked', { database: this.target.name, command });
    return new DatabaseFailure(found, `${command} is not sent to a database that is locked`);
  }

  /** Asks one server after the other until one tells the whole. */
  private async readAnew(): Promise<void> {
    const failures: RedisFailure[] = [];
    for (const endpoint of this.candidates()) {
      try {
        this.adopt(await readTopology(await this.links.connectionTo(endpoint), endpoint));
        return;
      } catch (error) {
        const reason = asFailure(error);
        failures.push(reason);
        if (isHopeless(this.problemOf(reason))) break;
      }
    }
    throw this.unreached(failures);
  }

  /** Those that answer first. */
  private candidates(): readonly Endpoint[] {
    const all = [...this.shards.map(({ endpoint }) => endpoint), ...this.target.endpoints];
    const distinct = new Map(all.map((endpoint) => [endpointText(endpoint), endpoint]));
    const troubled = (name: string): number => (this.troubles.has(name) ? 1 : 0);
    return [...distinct].sort(([a], [b]) => troubled(a) - troubled(b)).map(([, endpoint]) => endpoint);
  }

  private adopt(topology: Topology): void {
    this.links.refuseStrangers(topology.shards.map(({ endpoint }) => endpoint));
    const before = this.topology;
    this.topology = topology;
    const names = new Set(topology.shards.map(({ name }) => name));
    for (const name of this.troubles.keys()) if (!names.has(name)) this.troubles.delete(name);
    this.settle();
    if (before.shards.length > 0 && slotsText(before) !== slotsText(topology))
      this.moved.fire(topology.shards);
  }

  /** None of those that were asked told us the whole. */
  private unreached(failures: readonly RedisFailure[]): RedisFailure {
    const [first = new RedisFailure('it has no address')] = failures;
    const final = failures.find((one) => isHopeless(this.problemOf(one)));
    const all = failures.map(({ message }) => message).join('; ');
    const reason = final ?? (failures.length > 1 ? new WireFailure('unreachable', all) : first);
    const found = this.problemOf(reason);
    const hosts = reason instanceof DatabaseFailure ? reason.hosts : undefined;
    if (this.isRefusal(found))
      this.set({ kind: 'refused', problem: found, ...(hosts === undefined ? {} : { hosts }) });
    else if (this.shards.length === 0) this.set({ kind: 'connecting', problem: found, ...this.plannedTry() });
    return reason;
  }

  private answered(name: string): void {
    if (this.troubles.delete(name)) this.settle();
  }

  private failed(name: string, reason: RedisFailure): void {
    if (reason instanceof WireFailure && reason.trouble === 'given-up') return;
    if (!this.shards.some((shard) => shard.name === name)) return;
    this.troubles.set(name, this.problemOf(reason));
    this.settle();
    this.pulse.beatIn(this.pauseMs());
  }

  /** Tells the state that follows from the troubles there are. */
  private settle(): void {
    const problems = [...this.troubles.values()];
    const [first] = problems;
    const refusal = problems.find((one) => this.isRefusal(one));
    if (first === undefined) this.set({ kind: 'live' });
    else if (refusal !== undefined) this.set({ kind: 'refused', problem: refusal });
    else {
      const since = this.current.kind === 'stale' ? this.current.since : Date.now();
      const shards = [...this.troubles.keys()];
      this.set({ kind: 'stale', since, problem: first, shards, ...this.plannedTry() });
    }
  }

  /** A database that has been live may fail to agree on TLS for a while: what is between us may have gone alone. */
  private isRefusal(found: Problem): boolean {
    return isHopeless(found) && !(found.code === 'database-tls-failed' && this.shards.length > 0);
  }

  private set(state: DatabaseState): void {
    if (this.current.kind === 'closed') return;
    const before = JSON.stringify(this.current);
    this.current = state;
    if (JSON.stringify(state) !== before) this.changed.fire(state);
  }

  private problemOf(reason: RedisFailure): Problem {
    return problemOfFailure(reason, this.target.name);
  }

  private plannedTry(): { readonly nextTry?: number } {
    return this.pulse.watched ? { nextTry: Date.now() + this.pauseMs() } : {};
  }

  /** Until the next look: soon where somebody answers, who knows of changes, and later and later where nobody does. */
  private pauseMs(): number {
    const servers =
      this.shards.length > 0 ? this.shards.map(({ endpoint }) => endpoint) : this.target.endpoints;
    return Math.max(this.links.pauseMs(servers) ?? this.beatMs, shortestPauseMs);
  }

  private async look(): Promise<number | undefined> {
    if (this.current.kind !== 'live') await this.refresh().catch(ignoreFailure);
    await Promise.all(this.shards.map((shard) => this.lookAt(shard)));
    // Trying again would change nothing until somebody connects anew.
    return this.current.kind === 'refused' ? undefined : this.pauseMs();
  }

  /** Whether a shard answers now. One that says anything does. */
  private async lookAt({ name, endpoint }: DatabaseShard): Promise<void> {
    const connection = await this.links.connectionTo(endpoint).catch(asFailure);
    if (connection instanceof RedisFailure) return;
    const asked = performance.now();
    if (!this.troubles.has(name) && asked - connection.heardAt < this.beatMs) return;
    const silence = setTimeout(() => {
      if (connection.heardAt < asked) this.failed(name, silent(this.beatMs));
    }, this.beatMs);
    const reply = await connection.ask('PING').catch(asFailure);
    clearTimeout(silence);
    if (!(reply instanceof RedisFailure) || reply.message.startsWith('NOPERM')) this.answered(name);
    else if (reply instanceof RedisRefusal) this.failed(name, reply);
  }
}

/** As often as shards are measured. */
const usualBeatMs = 2000;
const shortestPauseMs = 50;

function silent(afterMs: number): WireFailure {
  return new WireFailure('silent', `no answer within ${afterMs / 1000} seconds`);
}

function slotsText({ shards }: Topology): string {
  return JSON.stringify(shards.map(({ name, slots }) => [name, slots]));
}
