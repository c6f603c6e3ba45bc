import { utf8 } from '../../base/bytes';
import type { Problem } from '../../base/problem';
import type { Database } from '../../database/database';
import type { DatabaseShard } from '../../database/databaseShard';
import type { Word } from '../../redis/wire/reply';
import type { WireConnection } from '../../redis/wire/wireConnection';
import { WireFailure } from '../../redis/wire/wireFailure';
import { persistently } from './persistently';
import { ScanPage, type NameSink } from './scanPage';
import type { ScanTempo } from './scanTempo';
import { ShardPace } from './shardPace';
import { coversUntil, readSight, type ShardSight } from './shardSight';
import type { Turnstile } from './turnstile';

/** Which keys are wanted. The server filters them, so that others are not sent. */
export interface ScanFilter {
  /** A pattern as Redis understands it. */
  readonly match?: Uint8Array;
  /** Redis' name of a type, also of a module's: `AI_TENSOR`. */
  readonly type?: string;
}

/**
 * - `waiting`: its turn has not come.
 * - `interrupted`: it failed, and is tried again.
 * - `failed`: trying again would change nothing.
 */
export type ShardScanState = 'waiting' | 'scanning' | 'interrupted' | 'complete' | 'failed';

/** How far the scan of one shard is. */
export interface ShardProgress {
  readonly shard: string;
  readonly state: ShardScanState;
  /** Names that it has sent since it was last begun; some of them twice. */
  readonly seen: number;
  /** Keys that it says it has: with a pattern or a type, more than will be found. Absent where the user may not know. */
  readonly expected?: number;
  /** Why it is interrupted or failed. */
  readonly problem?: Problem;
}

/** What the scans of all shards share. */
export interface ScanSetting {
  readonly database: Database;
  readonly names: NameSink;
  readonly filter: ScanFilter;
  readonly tempo: ScanTempo;
  /** Lets so many shards be scanned at a time. */
  readonly turnstile: Turnstile;
  /** A page has come. */
  readonly moved: () => void;
  /** The state of a shard is another. */
  readonly turned: () => void;
}

/** A page on its way, and the one that was asked for meanwhile. */
interface AskedPage {
  readonly page: ScanPage;
  readonly ended: Promise<void>;
  follower?: AskedPage;
}

/** The scan of one shard, from its beginning to its end, and again where that has missed what came to the shard meanwhile. */
export class ShardScan {
  private current: ShardScanState = 'waiting';
  private problem: Problem | undefined;
  private seen = 0;
  /** Names up to here were taken. Stays bytes: a cursor has 64 bits. */
  private cursor = beginning;
  /** From before the scan was begun. */
  private sight: ShardSight | undefined;
  private keys: number | undefined;
  private readonly pace = new ShardPace();
  private readonly words: readonly Word[];

  constructor(
    /** Its address is always the same, its slots are those of the beginning. */
    readonly shard: DatabaseShard,
    private readonly setting: ScanSetting,
  ) {
    const { match, type } = setting.filter;
    this.words = [
      ...(match === undefined ? [] : ['MATCH', match]),
      ...(type === undefined ? [] : ['TYPE', type]),
    ];
  }

  get state(): ShardScanState {
    return this.current;
  }

  get progress(): ShardProgress {
    return {
      ...{ shard: this.shard.name, state: this.current, seen: this.seen },
      ...(this.keys === undefined ? {} : { expected: this.keys }),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
    };
  }

  /** Scans until the end, or until the shard has left the database, whatever happens in between. Throws when the scan is ended. */
  async complete(): Promise<void> {
    await this.persistently(() => this.setting.turnstile.pass(() => this.goOn()));
  }

  /** Whether it has every key that the shard has now; if not, it has to be completed again. Throws when the scan is ended. */
  async check(): Promise<void> {
    await this.persistently(async () => {
      const [, now] = await this.look();
      if (this.sight !== undefined && coversUntil(this.sight, now)) {
        this.turn('complete');
        return;
      }
      this.sight = undefined;
      this.turn('waiting');
    });
  }

  private async persistently(act: () => Promise<void>): Promise<void> {
    const { database, tempo } = this.setting;
    const failed = await persistently(database, tempo, act, {
      interrupted: (problem) => {
        this.turn('interrupted', problem);
      },
      stillWanted: () => this.isThere,
    });
    if (failed !== undefined) this.turn('failed', failed);
  }

  private get isThere(): boolean {
    return this.setting.database.shards.some(({ name }) => name === this.shard.name);
  }

  /** From where it was, if that is still the same process; a connection that was lost changes nothing. */
  private async goOn(): Promise<void> {
    const [connection, now] = await this.look();
    if (this.sight?.process !== now.process) {
      this.cursor = beginning;
      this.seen = 0;
      this.sight = now;
    }
    this.turn('scanning');
    await this.readPages(connection);
    this.turn('complete');
  }

  private async look(): Promise<readonly [WireConnection, ShardSight]> {
    const { database } = this.setting;
    const shard = database.shards.find(({ name }) => name === this.shard.name) ?? this.shard;
    const connection = await database.connection(shard);
    const sight = await readSight(connection, shard, database.clustered);
    this.keys = sight.keys;
    return [connection, sight];
  }

  private async readPages(connection: WireConnection): Promise<void> {
    const { moved, tempo } = this.setting;
    for (let asked: AskedPage | undefined; ; asked = asked.follower) {
      if (asked === undefined) {
        await tempo.turn(this.pace.restMs);
        asked = this.ask(connection, this.cursor);
      }
      await this.ended(asked);
      this.cursor = asked.page.next;
      this.seen += asked.page.count;
      this.pace.took(asked.page, tempo.pace);
      if (isBeginning(this.cursor)) return;
      moved();
    }
  }

  private async ended({ ended }: AskedPage): Promise<void> {
    try {
      await ended;
    } catch (error) {
      if (error instanceof WireFailure && error.trouble === 'broken') this.pace.wasTooLarge();
      throw error;
    }
  }

  /** Without waits the next page is asked for while the names of this one arrive, so that neither side waits for the other. */
  private ask(connection: WireConnection, cursor: Uint8Array): AskedPage {
    const { names, tempo } = this.setting;
    const page = new ScanPage(names, tempo.clock, (next) => {
      if (tempo.isFree && this.pace.isSteady && !isBeginning(next))
        asked.follower = this.ask(connection, next);
    });
    const words = ['SCAN', cursor, ...this.words, 'COUNT', String(this.pace.count)] as const;
    const asked: AskedPage = { page, ended: connection.visit(words, page, tempo.signal) };
    // Where this page fails nobody waits for the one that follows.
    asked.ended.catch(() => undefined);
    return asked;
  }

  private turn(state: ShardScanState, problem?: Problem): void {
    this.current = state;
    this.problem = problem;
    this.setting.turned();
  }
}

const beginning = utf8('0');

function isBeginning(cursor: Uint8Array): boolean {
  return cursor.length === 1 && cursor[0] === beginning[0];
}
