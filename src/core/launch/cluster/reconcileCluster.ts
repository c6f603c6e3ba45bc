import { setTimeout as delay } from 'node:timers/promises';
import type { ShardPlan, SlotRange } from '../../plan/deploymentPlan';
import { slotCount } from '../../plan/slotRanges';
import {
  acceptsWrite,
  addSlots,
  assignSlots,
  clusterState,
  knownNodes,
  meetNode,
  setConfigEpoch,
} from '../../redis/clusterAdmin';
import type { ClusterState } from '../../redis/clusterReplies';
import { clusterGaps, isAt, isWhole, type ClusterGaps, type ClusterView } from './clusterGaps';
import { dissents } from './dissent';
import { formationSteps, type FormationStep } from './formationSteps';
import { NewsPace } from './newsPace';
import { accessOfRound, accessUntil, answerOf, type ShardAccess } from './shardAccess';

/** Milliseconds without progress after which shards are introduced to each other directly. */
const patience = 1000;

/** Milliseconds between two looks at a cluster that has to stay whole. */
const probationPace = 100;

export interface ReconcileOptions {
  /** Milliseconds for all of it. */
  readonly limit: number;
  /** Milliseconds for which a cluster must stay whole of which a shard did not know another: see `mendCluster`. */
  readonly probation?: number;
  /** Its reason is thrown when it is aborted. */
  readonly signal: AbortSignal;
  /** After each command that changes something: where tests let faults happen. */
  readonly onStep?: (step: FormationStep) => void;
}

/** What came of it: the cluster as every shard told it last, and what it still lacks; undefined: nothing. */
export interface Reconciled {
  readonly view: ClusterView;
  readonly gaps?: ClusterGaps;
  /** Slots that stay where the plan does not have them; waiting is in vain. */
  readonly elsewhere?: readonly HeldSlots[];
}

/** Slots that are not given away, because their keys would be lost. */
export interface HeldSlots {
  /** A shard, or the address of a node that is none. */
  readonly holder: string;
  readonly slots: readonly SlotRange[];
}

/**
 * Makes a cluster out of shards that answer, or mends one: looks what each shard knows, does what is missing, and
 * waits until every shard says that it serves, all tables are the plan's and each shard took a write. On a
 * whole cluster it only makes sure of that. When the time is over it tells what is still missing.
 *
 * Redis itself lets no master serve sooner than 2 s after its start; what is done here lies within these, since news
 * travel fast meanwhile. However it ends, those shards that answer have the node timeout of their life again.
 */
export async function reconcileCluster(
  shards: readonly ShardPlan[],
  access: ShardAccess,
  options: ReconcileOptions,
): Promise<Reconciled> {
  const pace = new NewsPace();
  try {
    return await untilWhole(shards, accessUntil(options.signal, access), pace, options);
  } finally {
    await pace.restore(access);
  }
}

async function untilWhole(
  shards: readonly ShardPlan[],
  access: ShardAccess,
  pace: NewsPace,
  { limit, probation = 0, signal, onStep = () => undefined }: ReconcileOptions,
): Promise<Reconciled> {
  const deadline = performance.now() + limit;
  let everyPair = false;
  let wasTorn = false;
  let wholeSince: number | undefined;
  for (;;) {
    const ask = accessOfRound(access);
    const view = await viewCluster(shards, ask);
    signal.throwIfAborted();
    const gaps = clusterGaps(shards, view);
    if (isWhole(gaps) && (await allServe(shards, ask)) && (await pace.calm(ask, [...view.keys()]))) {
      wholeSince ??= performance.now();
      if (!wasTorn || performance.now() - wholeSince >= probation) return { view };
      await delay(probationPace, undefined, { signal }).catch(() => undefined);
      continue;
    }
    wholeSince = undefined;
    wasTorn ||= gaps.unmet.length > 0;
    const strange = slotsOfStrangers(shards, view);
    if (strange.length > 0) return { view, gaps, elsewhere: strange };
    const steps = formationSteps(shards, view, { everyPair });
    const [meetings, own] = [steps.filter(isMeeting), steps.filter((step) => !isMeeting(step))];
    // That a shard is silent is no news for the others.
    const hurried = gaps.unmet.length + gaps.disagreeing.length > 0 ? [...view.keys()] : [];
    // A node takes an epoch only as long as it has met nobody.
    const [held] = await Promise.all([
      Promise.all(own.map((step) => take(step, ask, onStep))),
      pace.hurry(ask, hurried),
    ]);
    signal.throwIfAborted();
    const elsewhere = held.flat();
    if (elsewhere.length > 0) return { view, gaps, elsewhere };
    await Promise.all(meetings.map((step) => take(step, ask, onStep)));
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      const last = await viewCluster(shards, access);
      return { view: last, gaps: clusterGaps(shards, last) };
    }
    everyPair = !(await untilAllSaySo(shards, ask, deadline, signal));
  }
}

/** What each shard knows; those that do not answer are left out. */
export async function viewCluster(shards: readonly ShardPlan[], access: ShardAccess): Promise<ClusterView> {
  const looks = shards.map(async ({ name }) => {
    const known = await answerOf(access, name, knownNodes);
    return known === undefined ? [] : ([[name, known]] as const);
  });
  return new Map((await Promise.all(looks)).flat());
}

async function allServe(shards: readonly ShardPlan[], access: ShardAccess): Promise<boolean> {
  const answers = await Promise.all(
    shards.map(({ name, slots }) => answerOf(access, name, (connection) => acceptsWrite(connection, slots))),
  );
  return answers.every((serves) => serves === true);
}

/**
 * Asks the cheap question until every one of the shards has said that it serves and knows all, or does not answer any
 * more, which the next look tells. False: nothing has moved for a while, or the time is over.
 */
async function untilAllSaySo(
  shards: readonly ShardPlan[],
  access: ShardAccess,
  deadline: number,
  signal: AbortSignal,
): Promise<boolean> {
  let pending = shards;
  let progress = -1;
  let movedAt = performance.now();
  for (;;) {
    // The more there are, the more the questions themselves hold up the answers.
    await delay(Math.max(10, pending.length), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    const states = await Promise.all(pending.map(({ name }) => answerOf(access, name, clusterState)));
    signal.throwIfAborted();
    const rest = pending.filter((_, index) => {
      const state = states[index];
      return state !== undefined && !servesAll(state, shards.length);
    });
    if (rest.length === 0) return true;
    const now = performance.now();
    const sum = states.reduce(
      (total, state) => total + (state?.knownNodes ?? 0) + (state?.assignedSlots ?? 0),
      0,
    );
    if (rest.length < pending.length || sum > progress) movedAt = now;
    // The rest is asked again, so its sum is what counts from here.
    progress = rest.length < pending.length ? -1 : sum;
    pending = rest;
    if (now > deadline || now - movedAt > patience) return false;
  }
}

function servesAll({ ok, knownNodes: known, assignedSlots }: ClusterState, nodes: number): boolean {
  return ok && known >= nodes && assignedSlots === slotCount;
}

function isMeeting({ kind }: FormationStep): boolean {
  return kind === 'meet';
}

/** Slots of the plan that a node has which is no shard of it, as some shard says. */
function slotsOfStrangers(shards: readonly ShardPlan[], view: ClusterView): readonly HeldSlots[] {
  return dissents(shards, view)
    .filter(({ holder }) => !shards.some((shard) => isAt(holder, shard)))
    .map(({ holder, slots }) => ({ holder: `${holder.host}:${holder.port}`, slots }));
}

/** A refusal is no end: the next look shows what is still missing. Only slots that are held for their keys stay held. */
async function take(
  step: FormationStep,
  access: ShardAccess,
  onStep: (step: FormationStep) => void,
): Promise<readonly HeldSlots[]> {
  const held = await answerOf(access, step.shard, async (connection) => {
    switch (step.kind) {
      case 'add-slots':
        await addSlots(connection, step.slots);
        return [];
      case 'assign-slots':
        return assignSlots(connection, step.slots, step.id);
      case 'set-epoch':
        await setConfigEpoch(connection, step.epoch);
        return [];
      case 'meet':
        await meetNode(connection, step.other);
        return [];
    }
  });
  if (held === undefined) return [];
  onStep(step);
  return held.length > 0 ? [{ holder: step.shard, slots: held }] : [];
}
