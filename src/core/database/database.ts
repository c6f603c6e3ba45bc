import type { Disposable } from '../base/disposables';
import { Emitter } from '../base/event';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { slotOfKey } from '../redis/keySlot';
import { RedisFailure, RedisRefusal } from '../redis/redisFailure';
import { endpointText, type Endpoint } from '../redis/wire/endpoint';
import type { Reply, Words } from '../redis/wire/reply';
import type { WireConnection, WireOptions } from '../redis/wire/wireConnection';
import { WireFailure } from '../redis/wire/wireFailure';
import { isLooking } from './allowedCommands';
import { AllowedHosts } from './allowedHosts';
import { DatabaseFailure, deniedCommand, isHopeless, problemOfFailure } from './databaseFailure';
import type { DatabaseShard } from './databaseShard';
import type { DatabaseState } from './databaseState';
import type { DatabaseTarget } from './databaseTarget';
import { redirectionOf } from './redirection';
import { ShardLink } from './shardLink';
import { readTopology, type Topology } from './topology';

export interface DatabaseOptions {
  /** Milliseconds without an answer after which a connection is given up. */
  readonly limitMs: number;
  /** What proves `target.user`, or the password of the default user. */
  readonly secret?: string;
  /** Ends all connections. */
  readonly signal?: AbortSignal;
  /** Whether a server that the database has named may be connected to; by default on the hosts of the target alone. */
  readonly allowHost?: (endpoint: Endpoint) => boolean;
  /** Milliseconds between two looks at whether the shards answer, while somebody watches. */
  readonly beatMs?: number;
}

/** A question about a key. */
export interface KeyQuestion {
  readonly key: Uint8Array;
  readonly words: Words;
}

/** What a reply of a server may hold: pages of names and parts of values, never whole tensors. */
const bounds = { replyBytes: 64 * 1024 ** 2, elements: 1024 ** 2, depth: 8 };
/** Of one question through a cluster that changes. */
const mostRedirections = 5;

/**
 * A database that is connected to as a whole: its shards, and a held connection to each that was asked. It follows the
 * cluster where that changes, and what was lost is connected again when it is asked, or by itself while somebody watches.
 */
export class Database implements Disposable {
  private readonly links = new Map<string, ShardLink>();
  private readonly hosts: AllowedHosts;
  private readonly deniedCommands = new Set<string>();
  /** Of shards that do not answer, by name. */
  private readonly troubles = new Map<string, Problem>();
  private readonly changed = new Emitter<DatabaseState>();
  private readonly moved = new Emitter<readonly DatabaseShard[]>();
  private current: DatabaseState = { kind: 'connecting' };
  private topology: Topology = { clustered: false, shards: [], owners: [] };
  private refreshing: Promise<void> | undefined;
  private unlockedByUser = false;
  private watchers = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly target: DatabaseTarget,
    private readonly options: DatabaseOptions,
  ) {
    this.hosts = new AllowedHosts(target);
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

  /** Connects, or tries again at once what has failed. */
  async connect(): Promise<Result<void>> {
    for (const link of this.links.values()) link.hurry();
    try {
      await this.refresh();
      return success(undefined);
    } catch (error) {
      if (!(error instanceof RedisFailure)) throw error;
      return failure(problemOfFailure(error, this.target.name));
    }
  }

  /** The held connection to a shard, made anew where it was lost. Throws a RedisFailure. */
  connection(shard: DatabaseShard): Promise<WireConnection> {
    return this.connectionTo(shard.endpoint);
  }

  /** Asks the shard to which a key belongs, also where it has just moved. Throws a RedisFailure. */
  async askOwner(key: Uint8Array, ...words: Words): Promise<Reply> {
    let endpoint: Endpoint | undefined;
    let asking = false;
    for (let redirections = 0; ; redirections += 1) {
      endpoint ??= this.shardOf(key).endpoint;
      try {
        const connection = await this.connectionTo(endpoint);
        const replies = await connection.askAll(asking ? [['ASKING'], words] : [words]);
        const reply = replies.at(-1) ?? null;
        if (!(reply instanceof RedisRefusal)) return reply;
        const redirection = redirectionOf(reply, endpoint);
        if (redirection === undefined || redirections === mostRedirections) throw reply;
        asking = redirection.kind === 'ask';
        endpoint = redirection.endpoint;
        // Where the one who was asked knows better than the others, its word is followed in any case.
        if (!asking) await this.refresh().catch(ignoreFailure);
      } catch (error) {
        if (!(await this.mayAskAgain(error, words, redirections))) throw error;
        endpoint = undefined;
        asking = false;
      }
    }
  }

  /**
   * Asks about many keys, each shard once; answers in the order of the questions. One that has no answer has what went wrong
   * in its place.
   */
  async askOwners(questions: readonly KeyQuestion[]): Promise<readonly (Reply | RedisFailure)[]> {
    const answers = new Array<Reply | RedisFailure>(questions.length).fill(null);
    const places = new Map<DatabaseShard, number[]>();
    for (const [place, { key }] of questions.entries()) {
      const shard = this.ownerOf(key);
      if (shard === undefined) answers[place] = notServed(key);
      else {
        const others = places.get(shard);
        if (others === undefined) places.set(shard, [place]);
        else others.push(place);
      }
    }
    const ask = async ({ key, words }: KeyQuestion): Promise<Reply | RedisFailure> => {
      try {
        return await this.askOwner(key, ...words);
      } catch (error) {
        return asFailure(error);
      }
    };
    await Promise.all(
      [...places].map(async ([shard, mine]) => {
        const asked = mine.flatMap((place) => questions[place] ?? []);
        const replies = await this.connection(shard)
          .then((connection) => connection.askAll(asked.map(({ words }) => words)))
          .catch(asFailure);
        for (const [index, place] of mine.entries()) {
          const question = asked[index];
          const reply: Reply | RedisFailure =
            replies instanceof RedisFailure ? replies : (replies[index] ?? null);
          const again = question !== undefined && (replies instanceof RedisFailure || isRedirection(reply));
          answers[place] = again ? await ask(question) : reply;
        }
      }),
    );
    return answers;
  }

  /** Throws a RedisFailure where no shard serves the key. */
  shardOf(key: Uint8Array): DatabaseShard {
    const shard = this.ownerOf(key);
    if (shard === undefined) throw notServed(key);
    return shard;
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
    this.watchers += 1;
    if (this.watchers === 1) this.beatIn(0);
    let watching = true;
    return {
      dispose: () => {
        if (!watching) return;
        watching = false;
        this.watchers -= 1;
        if (this.watchers > 0) return;
        clearTimeout(this.timer);
        this.timer = undefined;
      },
    };
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watchers = 0;
    this.set({ kind: 'closed' });
    for (const link of this.links.values()) link.dispose();
    this.links.clear();
    this.changed.dispose();
    this.moved.dispose();
  }

  private async mayAskAgain(error: unknown, words: Words, attempts: number): Promise<boolean> {
    // A command that changes something may have done so before the connection went.
    if (!(error instanceof WireFailure) || attempts > 0 || !isLooking(words)) return false;
    if (error.trouble !== 'closed' && error.trouble !== 'unanswered') return false;
    await this.refresh().catch(ignoreFailure);
    return true;
  }

  private ownerOf(key: Uint8Array): DatabaseShard | undefined {
    const { clustered, owners, shards } = this.topology;
    return clustered ? owners[slotOfKey(key)] : shards[0];
  }

  private async connectionTo(endpoint: Endpoint): Promise<WireConnection> {
    if (this.current.kind === 'closed') throw new WireFailure('given-up', 'the database was closed');
    if (!this.isAllowed(endpoint)) throw this.unconfirmed([endpoint]);
    return this.link(endpoint).connection();
  }

  private isAllowed(endpoint: Endpoint): boolean {
    return this.hosts.isNamed(endpoint) || (this.options.allowHost?.(endpoint) ?? this.hosts.has(endpoint));
  }

  private link(endpoint: Endpoint): ShardLink {
    const name = endpointText(endpoint);
    const held = this.links.get(name);
    if (held !== undefined) return held;
    const { secret } = this.options;
    const { user } = this.target;
    const login: Words | undefined =
      secret === undefined ? undefined : ['AUTH', ...(user === undefined ? [] : [user]), secret];
    const link = new ShardLink(endpoint, this.wireOptions(), login, {
      answered: () => {
        this.answered(name);
      },
      failed: (reason) => {
        this.failed(name, reason);
      },
    });
    this.links.set(name, link);
    return link;
  }

  private wireOptions(): WireOptions {
    const { limitMs, signal } = this.options;
    return {
      ...{ limitMs, bounds },
      ...(signal === undefined ? {} : { signal }),
      forbids: (words) => (this.unlocked || isLooking(words) ? undefined : this.lockedFailure(words)),
      onRefusal: (_, refusal) => {
        const command = deniedCommand(refusal);
        if (command !== undefined) this.deniedCommands.add(command);
      },
    };
  }

  /** Asks one server after the other until one tells the whole. */
  private async readAnew(): Promise<void> {
    const failures: RedisFailure[] = [];
    for (const endpoint of this.candidates()) {
      try {
        const connection = await this.connectionTo(endpoint);
        const { remoteHost } = connection;
        if (remoteHost !== undefined && this.hosts.isNamed(endpoint)) this.hosts.learn(remoteHost);
        this.adopt(await readTopology(connection, endpoint));
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
    const strangers = topology.shards.filter(({ endpoint }) => !this.isAllowed(endpoint));
    if (strangers.length > 0) throw this.unconfirmed(strangers.map(({ endpoint }) => endpoint));
    const before = this.topology;
    this.topology = topology;
    const names = new Set(topology.shards.map(({ name }) => name));
    for (const name of this.troubles.keys()) if (!names.has(name)) this.troubles.delete(name);
    this.settle();
    if (before.shards.length > 0 && slotsText(before) !== slotsText(topology))
      this.moved.fire(topology.shards);
  }

  private unconfirmed(endpoints: readonly Endpoint[]): DatabaseFailure {
    const hosts = [...new Set(endpoints.map(endpointText))];
    const found = problem('database-hosts-unconfirmed', {
      database: this.target.name,
      hosts: hosts.join(', '),
    });
    return new DatabaseFailure(found, `leads to ${hosts.join(', ')}`, hosts);
  }

  private lockedFailure([name]: Words): DatabaseFailure {
    const found = problem('database-locked', { database: this.target.name, command: name });
    return new DatabaseFailure(found, `${name} is not sent to a database that is locked`);
  }

  /** None of those that were asked told us the whole. */
  private unreached(failures: readonly RedisFailure[]): RedisFailure {
    const [first = new RedisFailure('it has no address')] = failures;
    const telling =
      failures.find((one) => isHopeless(this.problemOf(one))) ?? (failures.length === 1 ? first : undefined);
    const reason =
      telling ?? new WireFailure('unreachable', failures.map(({ message }) => message).join('; '));
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
    this.beatIn(this.pauseMs());
  }

  /** Tells the state that follows from the troubles there are. */
  private settle(): void {
    const problems = [...this.troubles.values()];
    const [first] = problems;
    if (first === undefined) {
      this.set({ kind: 'live' });
      return;
    }
    const refusal = problems.find((one) => this.isRefusal(one));
    if (refusal !== undefined) {
      this.set({ kind: 'refused', problem: refusal });
      return;
    }
    const since = this.current.kind === 'stale' ? this.current.since : Date.now();
    this.set({
      kind: 'stale',
      since,
      problem: first,
      shards: [...this.troubles.keys()],
      ...this.plannedTry(),
    });
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
    return this.watchers === 0 ? {} : { nextTry: Date.now() + this.pauseMs() };
  }

  private beatIn(pauseMs: number): void {
    clearTimeout(this.timer);
    if (this.watchers === 0 || this.current.kind === 'closed') return;
    this.timer = setTimeout(() => {
      void this.beat();
    }, pauseMs);
  }

  private async beat(): Promise<void> {
    if (this.current.kind === 'refused') return;
    if (this.current.kind !== 'live') await this.refresh().catch(ignoreFailure);
    await Promise.all(this.shards.map((shard) => this.look(shard)));
    this.beatIn(this.pauseMs());
  }

  /** Until the next look: soon where somebody answers, who knows of changes, and later and later where nobody does. */
  private pauseMs(): number {
    const all = this.shards.length > 0 ? this.shards.map(({ endpoint }) => endpoint) : this.target.endpoints;
    const links = all.map((endpoint) => this.links.get(endpointText(endpoint)));
    if (links.some((link) => link === undefined || link.notBefore === 0)) return this.beatMs;
    const soonest = Math.min(...links.map((link) => link?.notBefore ?? 0)) - performance.now();
    return Math.max(soonest, shortestPauseMs);
  }

  private get beatMs(): number {
    return this.options.beatMs ?? usualBeatMs;
  }

  /** Whether a shard answers now. One that says anything does. */
  private async look({ name, endpoint }: DatabaseShard): Promise<void> {
    const connection = await this.connectionTo(endpoint).catch(asFailure);
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

function notServed(key: Uint8Array): RedisRefusal {
  return new RedisRefusal(`CLUSTERDOWN slot ${slotOfKey(key)} is not served`);
}

function silent(afterMs: number): WireFailure {
  return new WireFailure('silent', `no answer within ${afterMs / 1000} seconds`);
}

function isRedirection(reply: Reply | RedisFailure): boolean {
  return reply instanceof RedisRefusal && /^(?:MOVED|ASK) /.test(reply.message);
}

/** Exceptions that are none of a server's are bugs, and go on. */
function asFailure(error: unknown): RedisFailure {
  if (error instanceof RedisFailure) return error;
  throw error;
}

function ignoreFailure(error: unknown): void {
  asFailure(error);
}

function slotsText({ shards }: Topology): string {
  return JSON.stringify(shards.map(({ name, slots }) => [name, slots]));
}
