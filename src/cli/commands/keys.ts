import type { Problem } from '../../core/base/problem';
import type { Database } from '../../core/database/database';
import { KeyNames } from '../../core/keyspace/names/keyNames';
import { KeyspaceScan, type KeyspaceProgress } from '../../core/keyspace/scan/keyspaceScan';
import { systemClock } from '../../core/keyspace/scan/scanClock';
import type { ScanPace } from '../../core/keyspace/scan/scanTempo';
import { restAfter } from '../../core/keyspace/scan/shardPace';
import { systemErrorCode } from '../../core/launch/fileProblem';
import { parseTypedPattern } from '../../core/redis/displayKey';
import { RedisFailure } from '../../core/redis/redisFailure';
import type { KeyDetails } from '../../core/value/details/keyDetails';
import { readDetails } from '../../core/value/details/readDetails';
import { UsageError, type Command, type CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { keyToJson, renderKeys, renderScan, sumOf, type FoundKey } from '../render/keys';
import { renderProblem } from '../render/problems';
import { dataOptions } from './dataPlace';
import { openDatabase, type OpenedDatabase } from './databasePlace';

/** Keys that are asked about, and written, together. */
const pageLength = 500;
const pagesAhead = 1;
/** Milliseconds after which shards that do not answer are given up, when nothing else is left to do. */
const patience = 10_000;

/** Lists the keys of a database, whatever their bytes, in the order of their bytes. */
export const keys: Command = {
  name: 'keys',
  usage: '[FILE | --address A] [--match P] [--type T]',
  summary: 'list the keys of a live orchestrator or of any other database, and what they hold',
  details: `  FILE                the experiment file of the run, where several are live
  --orchestrator ID   the orchestrator, where the run has several
  --address A         another database: host:port, several of a cluster with commas, or the path of a Unix socket;
                      nothing but reading commands is sent there. Password: in the variable REDISCLI_AUTH
  --match P           only names that fit the pattern, as Redis understands it: "step_*"; \\xff is a byte
  --type T            only values of the type: string, hash, list, set, zset, stream, AI_TENSOR, ...
  --names-only        names without what they hold
  --full-speed        as fast as it goes; otherwise each shard is kept busy for at most a tenth of its time
`,
  options: {
    ...dataOptions,
    address: { type: 'string' },
    match: { type: 'string' },
    type: { type: 'string' },
    'names-only': { type: 'boolean' },
    'full-speed': { type: 'boolean' },
  },
  async run(context): Promise<ExitCode> {
    const opened = await openDatabase(withFile(context));
    if (!opened.ok) return tellFailure(opened.problems, context);
    try {
      return await listKeys(opened.value, context);
    } finally {
      opened.value.database.dispose();
    }
  },
};

/** The file may stand alone, as in other commands, or behind `--file`. */
function withFile(context: CommandContext): CommandContext {
  const [file, ...others] = context.positionals;
  if (file === undefined) return context;
  if (others.length > 0 || context.values['file'] !== undefined) throw new UsageError('name one FILE');
  return { ...context, values: { ...context.values, file } };
}

async function listKeys(opened: OpenedDatabase, context: CommandContext): Promise<ExitCode> {
  const names = new KeyNames();
  const scanned = await scan(opened.database, names, context);
  names.settle();
  const withoutDetails = context.values['names-only'] === true || context.signal.aborted;
  const written = withoutDetails
    ? await writeNames(names, opened, context)
    : await writeDetails(names, opened, context);
  return tellEnd(scanned, names, written, context);
}

/** What is known is written also where somebody has interrupted. How many keys that are. */
async function writeNames(names: KeyNames, opened: OpenedDatabase, context: CommandContext): Promise<number> {
  for (const page of pagesOf(names)) {
    write(
      page.map((key) => ({ key })),
      opened,
      context,
    );
    await context.out.drained();
  }
  return names.count;
}

/** How many keys are there still. At full speed the servers have the next page while what one says is written. */
async function writeDetails(
  names: KeyNames,
  opened: OpenedDatabase,
  context: CommandContext,
): Promise<number> {
  const { out, signal } = context;
  const isKind = paceOf(context) === 'kind';
  const asked: Promise<readonly KeyDetails[]>[] = [];
  let written = 0;
  const writeNext = async (): Promise<void> => {
    const details = (await asked.shift()) ?? [];
    // The connections have ended with it.
    if (signal.aborted) return;
    const found = details
      .filter(({ kind }) => kind !== 'gone')
      .map((one) => ({ key: one.key, details: one }));
    write(found, opened, context);
    written += found.length;
    await out.drained();
  };
  for (const page of pagesOf(names)) {
    if (signal.aborted) break;
    const begun = performance.now();
    asked.push(readDetails(opened.database, page));
    if (asked.length > (isKind ? 0 : pagesAhead)) await writeNext();
    if (isKind) await systemClock.sleep(restAfter(performance.now() - begun), signal);
  }
  while (asked.length > 0) await writeNext();
  return written;
}

function paceOf({ values }: CommandContext): ScanPace {
  return values['full-speed'] === true ? 'full' : 'kind';
}

async function scan(database: Database, names: KeyNames, context: CommandContext): Promise<KeyspaceProgress> {
  const { err, signal, values } = context;
  const { match, type } = values;
  const keyspace = new KeyspaceScan(database, names, {
    pace: paceOf(context),
    ...(typeof match === 'string' ? { match: parseTypedPattern(match) } : {}),
    ...(typeof type === 'string' ? { type } : {}),
  });
  const end = (): void => {
    keyspace.dispose();
  };
  let giveUp: NodeJS.Timeout | undefined;
  keyspace.onDidProgress((progress) => {
    if (err.isTerminal) err.write(`\r\u001b[K${renderScan(progress)}`);
    if (!isStuck(progress)) {
      clearTimeout(giveUp);
      giveUp = undefined;
    } else giveUp ??= setTimeout(end, patience);
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const progress = await keyspace.run();
  clearTimeout(giveUp);
  signal.removeEventListener('abort', end);
  if (err.isTerminal) err.write('\r\u001b[K');
  return progress;
}

/** Nothing goes on but tries to reach what does not answer. */
function isStuck({ shards }: KeyspaceProgress): boolean {
  const states = new Set(shards.map(({ state }) => state));
  return states.has('interrupted') && !states.has('scanning') && !states.has('waiting');
}

function* pagesOf(names: KeyNames): Generator<readonly Uint8Array[]> {
  for (let from = 0; from < names.count; from += pageLength) {
    const length = Math.min(pageLength, names.count - from);
    yield Array.from({ length }, (_, index) => names.nameAt(from + index));
  }
}

function write(
  found: readonly FoundKey[],
  { database, nameOf }: OpenedDatabase,
  { json, out }: CommandContext,
): void {
  if (!json) {
    out.write(renderKeys(found));
    return;
  }
  const lines = found.map((one) => JSON.stringify(keyToJson({ ...one, ...shardOf(one.key) })));
  out.write(lines.map((line) => `${line}\n`).join(''));

  function shardOf(key: Uint8Array): Pick<FoundKey, 'shard'> {
    try {
      return { shard: nameOf(database.shardOf(key).name) };
    } catch (error) {
      if (!(error instanceof RedisFailure)) throw error;
      return {};
    }
  }
}

/** What is missing is told in any case, apart from the result. */
function tellEnd(
  scanned: KeyspaceProgress,
  names: KeyNames,
  written: number,
  { directory, err, signal, values }: CommandContext,
): ExitCode {
  const { shards, problem, state } = scanned;
  const found: readonly Problem[] = [problem, ...shards.map((shard) => shard.problem)].filter(
    (one) => one !== undefined,
  );
  for (const one of found) err.write(renderProblem(one, directory));
  if (state === 'complete' && !names.full && !signal.aborted) return exitCode.done;
  // A reader that has gone has what it wanted.
  if (systemErrorCode(signal.reason) === 'EPIPE') return exitCode.interrupted;
  const there = `${sumOf(scanned).expected} keys`;
  const filtered = values['match'] !== undefined || values['type'] !== undefined;
  err.write(`partial: ${written} ${filtered ? `found in a database of ${there}` : `of ${there}`}\n`);
  if (names.full)
    err.write('There are more names than fit into memory: ask for some of them with --match.\n');
  return signal.aborted ? exitCode.interrupted : exitCode.failed;
}
