import { setTimeout as delay } from 'node:timers/promises';
import type { ShardPlan } from '../../plan/deploymentPlan';
import { slotCount } from '../../plan/slotRanges';
import { RedisFailure, type RedisConnection } from '../../redis/redisConnection';
import {
  acceptsWrite,
  addSlots,
  clusterState,
  knownNodes,
  meetNode,
  setConfigEpoch,
  setNodeTimeout,
} from '../../redis/clusterAdmin';
import { clusterGaps, isWhole, type ClusterGaps, type ClusterView } from './clusterGaps';
import { formationSteps, type FormationStep } from './formationSteps';

/** How a shard is spoken to. */
export type ShardAccess = (shard: string) => Promise<RedisConnection>;

/** Milliseconds after which a node of a formed cluster is suspected; upstream's. */
const nodeTimeout = 15_000;

/** Milliseconds without progress after which shards are introduced to each other directly. */
const patience = 1000;

export interface ReconcileOptions {
  /** Milliseconds for all of it. */
  readonly limit: number;
  /** Its reason is thrown when it is aborted. */
  readonly signal: AbortSignal;
  /** After each command that changes something: where tests let faults happen. */
  readonly onStep?: (step: FormationStep) => void;
}

/**
 * Makes a cluster out of shards that answer, or mends one: looks what each shard knows, does what is missing, and
 * waits until every shard says that it serves, all tables are the plan's and each shard took a write. On a
 * whole cluster it changes nothing. Returns what is still missing when the time is over; undefined: nothing.
 *
 * Redis itself lets no master serve sooner than 2 s after its start; what is done here lies within these.
 */
export async function reconcileCluster(
  shards: readonly ShardPlan[],
  access: ShardAccess,
  { limit, signal, onStep = () => undefined }: ReconcileOptions,
): Promise<ClusterGaps | undefined> {
  const deadline = performance.now() + limit;
  let everyPair = false;
  for (;;) {
    const view = await viewCluster(shards, access);
    signal.throwIfAborted();
    if (isWhole(clusterGaps(shards, view)) && (await allServe(shards, access))) break;
    const steps = formationSteps(shards, view, { everyPair });
    const [meetings, own] = [steps.filter(isMeeting), steps.filter((step) => !isMeeting(step))];
    // A node takes an epoch only as long as it has met nobody.
    for (const together of [own, meetings]) {
      await Promise.all(together.map((step) => take(step, access, onStep)));
      signal.throwIfAborted();
    }
    if (performance.now() > deadline) return clusterGaps(shards, await viewCluster(shards, access));
    everyPair = !(await untilAllSaySo(shards, access, deadline, signal));
  }
  await Promise.all(
    shards.map(async ({ name }) => {
      await setNodeTimeout(await access(name), nodeTimeout);
    }),
  );
  return undefined;
}

/** What each shard knows; those that do not answer are left out. */
export async function viewCluster(shards: readonly ShardPlan[], access: ShardAccess): Promise<ClusterView> {
  const looks = shards.map(async ({ name }) => {
    const known = await answerOf(async () => knownNodes(await access(name)));
    return known === undefined ? [] : ([[name, known]] as const);
  });
  return new Map((await Promise.all(looks)).flat());
}

async function allServe(shards: readonly ShardPlan[], access: ShardAccess): Promise<boolean> {
  const answers = await Promise.all(
    shards.map(({ name, slots }) => answerOf(async () => acceptsWrite(await access(name), slots))),
  );
  return answers.every((serves) => serves === true);
}

/**
 * Asks the cheap question until every shard says that it serves and knows all. False: nothing has moved for a
 * while, or the time is over.
 */
async function untilAllSaySo(
  shards: readonly ShardPlan[],
  access: ShardAccess,
  deadline: number,
  signal: AbortSignal,
): Promise<boolean> {
  // The more there are, the more the questions themselves hold up the answers.
  const pause = Math.max(10, shards.length);
  let progress = -1;
  let movedAt = performance.now();
  for (;;) {
    const states = await Promise.all(
      shards.map(({ name }) => answerOf(async () => clusterState(await access(name)))),
    );
    signal.throwIfAborted();
    const whole = states.filter(
      (state) => state?.ok === true && state.knownNodes >= shards.length && state.assignedSlots === slotCount,
    );
    if (whole.length === shards.length) return true;
    const now = performance.now();
    const sum = states.reduce(
      (total, state) => total + (state === undefined ? 0 : state.knownNodes + state.assignedSlots),
      whole.length,
    );
    if (sum > progress) movedAt = now;
    progress = sum;
    if (now > deadline || now - movedAt > patience) return false;
    await delay(pause, undefined, { signal });
  }
}

function isMeeting({ kind }: FormationStep): boolean {
  return kind === 'meet';
}

/** A refusal is no end: the next look shows what is still missing. */
async function take(
  step: FormationStep,
  access: ShardAccess,
  onStep: (step: FormationStep) => void,
): Promise<void> {
  const taken = await answerOf(async () => {
    const connection = await access(step.shard);
    switch (step.kind) {
      case 'add-slots':
        await addSlots(connection, step.slots);
        break;
      case 'set-epoch':
        await setConfigEpoch(connection, step.epoch);
        break;
      case 'meet':
        await meetNode(connection, step.other);
        break;
    }
    return step;
  });
  if (taken !== undefined) onStep(taken);
}

/** undefined: the shard refused, or could not be reached. */
async function answerOf<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RedisFailure) return undefined;
    throw error;
  }
}
