import { failure, success, type Result } from '../../core/base/result';
import { Database } from '../../core/database/database';
import type { DatabaseTarget } from '../../core/database/databaseTarget';
import { addressTarget } from '../../core/database/discovery/addressTarget';
import { parseAddress } from '../../core/database/discovery/databaseAddress';
import { runDatabaseId } from '../../core/database/discovery/runDatabases';
import { endpointText } from '../../core/redis/wire/endpoint';
import { UsageError, type CommandContext } from '../command';
import { liveOrchestrator } from './dataPlace';

/** A database that is connected to. */
export interface OpenedDatabase {
  readonly database: Database;
  /** What people call a shard: by its name in the run, else by its address. */
  readonly nameOf: (shard: string) => string;
}

/** Milliseconds without an answer after which a server counts as silent. */
const answerLimit = 10_000;
/** Where redis-cli, too, looks for the password: arguments are seen by everybody on the machine. */
const secretVariable = 'REDISCLI_AUTH';

/** The database at `--address`, or that of the live orchestrator. */
export async function openDatabase(context: CommandContext): Promise<Result<OpenedDatabase>> {
  const { address } = context.values;
  return typeof address === 'string' ? openAddress(address, context) : openOrchestrator(context);
}

async function openAddress(
  written: string,
  { environment, signal, values }: CommandContext,
): Promise<Result<OpenedDatabase>> {
  if (values['file'] !== undefined || values['orchestrator'] !== undefined)
    throw new UsageError('say either --address, or which orchestrator');
  const address = parseAddress(written);
  if (!address.ok) return address;
  if (address.value.secret !== undefined)
    throw new UsageError(`give the password by the variable ${secretVariable}: everybody can read arguments`);
  const secret = environment[secretVariable];
  if (address.value.user !== undefined && secret === undefined)
    throw new UsageError(`give the password of the user by the variable ${secretVariable}`);
  return connected(addressTarget(address.value), signal, (shard) => shard, secret);
}

async function openOrchestrator(context: CommandContext): Promise<Result<OpenedDatabase>> {
  const live = await liveOrchestrator(context);
  if (!live.ok) return live;
  const { run, orchestrator } = live.value;
  const servers = orchestrator.shards.map(({ name, host, port }) => {
    const endpoint = { kind: 'tcp', host, port } as const;
    return { name, endpoint, address: endpointText(endpoint) };
  });
  const target: DatabaseTarget = {
    id: runDatabaseId(run, orchestrator.id),
    name: orchestrator.id,
    endpoints: servers.map(({ endpoint }) => endpoint),
    own: true,
  };
  const names = new Map(servers.map(({ name, address }) => [address, name]));
  return connected(target, context.signal, (shard) => names.get(shard) ?? shard);
}

async function connected(
  target: DatabaseTarget,
  signal: AbortSignal,
  nameOf: OpenedDatabase['nameOf'],
  secret?: string,
): Promise<Result<OpenedDatabase>> {
  const opened = await Database.open(target, {
    ...{ limitMs: answerLimit, signal },
    ...(secret === undefined ? {} : { secret }),
  });
  signal.throwIfAborted();
  return opened.ok ? success({ database: opened.value, nameOf }) : failure(...opened.problems);
}
