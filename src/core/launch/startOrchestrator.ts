import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { OrchestratorPlan, ShardPlan } from '../plan/deploymentPlan';
import type { KnownEnd } from './childProcess';
import { formCluster } from './cluster/formCluster';
import { shardEndProblem } from './ending';
import { eitherSignal } from './eitherSignal';
import { freeUnixSocket } from './freeUnixSocket';
import { lastLinesSince, lengthsOf, type Lengths } from './lastLines';
import type { LaunchContext } from './launchContext';
import { untilAnswers } from './readiness';
import { serverFailure } from './serverFailure';
import { ShardConnection } from './shardConnection';
import { startProcess } from './startProcess';

/**
 * Starts all shards at once, waits until each has answered, and makes them a cluster where there are several.
 * The first failure ends the wait for the others; what was started stays for the stop sequence to end.
 */
export async function startOrchestrator(
  context: LaunchContext,
  orchestrator: OrchestratorPlan,
  signal: AbortSignal,
): Promise<Result<void>> {
  const began = performance.now();
  const givenUp = new AbortController();
  const either = eitherSignal(signal, givenUp.signal);
  const causes: Problem[] = [];
  await Promise.all(
    orchestrator.shards.map(async (shard) => {
      try {
        const started = await startShard(context, shard, either);
        if (started.ok) return;
        causes.push(...started.problems);
        givenUp.abort();
      } catch (error) {
        if (!either.aborted) throw error;
      }
    }),
  );
  signal.throwIfAborted();
  if (causes.length > 0) return failure(...causes);
  const formed = orchestrator.clustered ? await formCluster(context, orchestrator, signal) : undefined;
  if (formed?.ok === false) return formed;
  const formationMs = Math.round((performance.now() - began) * 10) / 10;
  context.emit({
    type: 'orchestrator-ready',
    identifier: orchestrator.identifier,
    formationMs,
    ...(formed === undefined ? {} : { slots: formed.value }),
  });
  context.onStep({ name: 'ready', of: orchestrator.identifier });
  return success(undefined);
}

/** Starts one shard and waits for its first answer. */
export async function startShard(
  context: LaunchContext,
  shard: ShardPlan,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { file } = context.plan;
  const taken =
    shard.unixSocket === undefined ? undefined : await unusableSocket(shard, shard.unixSocket, file);
  if (taken !== undefined) return failure(taken);
  // It is appended to, and what an earlier server has said is not about this one.
  const before = await lengthsOf(shard.out, shard.err);
  let answered = false;
  const started = await startProcess(
    context,
    {
      entity: { kind: 'shard', name: shard.name },
      argv: shard.argv,
      directory: shard.directory,
      environment: {},
      out: shard.out,
      err: shard.err,
      explainEnd: (end) =>
        answered ? shardEndProblem(shard, file, end) : startFailure(context, shard, end, before),
    },
    signal,
  );
  if (!started.ok) return started;
  const { identity, ended, exitRecorded } = started.value;
  const gone = new AbortController();
  void ended.then(() => {
    gone.abort();
  });
  try {
    const readiness = await untilAnswers(shard, identity.pid, {
      limit: context.limits.answer,
      onAccepted: () => {
        context.onStep({ name: 'accepted', of: shard.name });
      },
      signal: eitherSignal(signal, gone.signal),
    });
    if (readiness.kind === 'answers') {
      answered = true;
      context.emit({ type: 'shard-answered', shard: shard.name, version: readiness.version });
      context.onStep({ name: 'answered', of: shard.name });
      context.connections.set(shard.name, new ShardConnection(shard, context.credentials));
      return success(undefined);
    }
    return failure(
      await silenceProblem(
        context,
        shard,
        before,
        readiness.kind === 'refuses' ? readiness.reply : undefined,
      ),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!gone.signal.aborted) throw error;
    const { cause } = await exitRecorded;
    return cause === undefined ? success(undefined) : failure(cause);
  }
}

function unusableSocket(shard: ShardPlan, socket: string, file: string): Promise<Problem | undefined> {
  return freeUnixSocket(socket, { file, path: [...shard.at, 'unix_socket'] });
}

/** Why the server ended before it answered; for a port that somebody took since the check, by whom. */
async function startFailure(
  context: LaunchContext,
  shard: ShardPlan,
  end: KnownEnd,
  before: Lengths,
): Promise<Problem> {
  const found = await serverFailure(shard, context.plan.file, end, before);
  const taken = found.code === 'server-port-taken' || found.code === 'bus-port-taken';
  if (!taken || found.place === undefined) return found;
  return (await context.portTakenBy(shard, found.place)) ?? found;
}

async function silenceProblem(
  context: LaunchContext,
  shard: ShardPlan,
  before: Lengths,
  reply: string | undefined,
): Promise<Problem> {
  const evidence = await lastLinesSince(before);
  const args = { shard: shard.name, address: `${shard.host}:${shard.port}` };
  const more = { place: { file: context.plan.file, path: shard.at }, evidence };
  return reply === undefined
    ? problem('server-not-answering', { ...args, seconds: context.limits.answer / 1000 }, more)
    : problem('server-refuses-us', { ...args, reply }, more);
}
