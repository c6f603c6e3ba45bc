import type {
  ModelSnapshot,
  OrchestratorSnapshot,
  RunSnapshot,
  ShardSnapshot,
} from '../../core/deployment/runSnapshot';
import { canStop, isLeftOver } from '../state/runOffers';
import { messageText, problemLines } from '../wording/problemWords';
import { bytesText, countText, durationText, keysText, timeText } from '../wording/quantityWords';
import { phaseText, statusText, tensorsText } from '../wording/stateWords';
import type { Wording } from '../wording/wording';
import { phaseIcon, statusIcon, unwellIcon } from './stateIcons';
import { described, type Capability, type NodeIcon, type ViewNode } from './viewNode';

/** What a node is made from besides the snapshot. */
export interface NodeContext {
  readonly wording: Wording;
  /** Wall clock, milliseconds: decides only whether a time is shown with its date. */
  readonly now: number;
}

/** Whether there is anything left that could be spoken to or asked to stop. */
export interface RunState {
  readonly snapshot: RunSnapshot;
  readonly live: boolean;
}

/** What can be done with a run as a whole. */
export function runCapabilities(run: RunState): readonly Capability[] {
  return [
    ...(isLeftOver(run) ? ['canTakeOver' as const] : []),
    ...(canStop(run) ? ['canStop' as const] : []),
  ];
}

/** A model of a run; the label is the model's name. */
export function modelNode(
  { snapshot, live }: RunState,
  model: ModelSnapshot,
  context: NodeContext,
): ViewNode {
  const { wording } = context;
  const { t } = wording;
  const status = statusText(model.status, t);
  const ending = endingText(model, wording);
  const duration = lasted(model, wording);
  return {
    id: `run:${snapshot.id}/model:${model.name}`,
    label: model.name,
    // How a program ended that was told to end says nothing about it.
    description: described(status, model.status === 'Cancelled' ? undefined : ending, duration),
    tooltip: [
      t('Model {name}: {state}', { name: model.name, state: status }),
      ...causeLines(model.cause, wording),
      ...(typeof model.returnCode === 'number' ? [t('Return code: {code}', { code: model.returnCode })] : []),
      ...processLines(model, context),
      t('Output: {file}', { file: model.out }),
    ],
    icon: statusIcon(model.status),
    spoken: described(
      t('Model {name}: {state}', { name: model.name, state: status }),
      ending,
      duration,
      causeText(model.cause, wording),
    ),
    subject: {
      kind: 'model',
      file: snapshot.file,
      runId: snapshot.id,
      name: model.name,
      at: model.at,
    },
    capabilities: [
      ...(live && snapshot.phase !== 'stopping' ? ['canRestart' as const] : []),
      ...(model.startedAt === undefined ? [] : ['hasOutput' as const]),
      'inFile',
    ],
    expanded: false,
    children: [],
  };
}

/** An orchestrator without its shards; `label` and `children` differ from view to view. */
export function orchestratorNode(
  run: RunState,
  orchestrator: OrchestratorSnapshot,
  shown: { readonly label: string; readonly children: readonly ViewNode[] },
  { wording }: NodeContext,
): ViewNode {
  const { snapshot } = run;
  const { t } = wording;
  const state = phaseText(orchestrator.phase, t);
  const serving = orchestrator.phase === 'ready' || orchestrator.phase === 'degraded';
  const over = orchestrator.phase === 'stopped' || orchestrator.phase === 'failed';
  const summary = over ? undefined : shardSummary(orchestrator, wording);
  return {
    id: `run:${snapshot.id}/orchestrator:${orchestrator.id}`,
    label: shown.label,
    description: described(state, summary),
    tooltip: [
      t('Orchestrator {name}: {state}', { name: orchestrator.id, state }),
      ...causeLines(firstCause(orchestrator), wording),
      t('Server: {engine} {version}', { engine: orchestrator.engine, version: orchestrator.version }),
      tensorsText(orchestrator.ai, t),
      `SSDB: ${shortened(orchestrator.ssdb)}`,
      ...(orchestrator.formationMs === undefined
        ? []
        : [t('Ready after {duration}', { duration: durationText(orchestrator.formationMs, wording) })]),
    ],
    icon: serving ? { ...phaseIcon(orchestrator.phase), name: 'database' } : phaseIcon(orchestrator.phase),
    spoken: described(
      t('Orchestrator {name}: {state}', { name: orchestrator.id, state }),
      summary,
      causeText(firstCause(orchestrator), wording),
    ),
    subject: {
      kind: 'orchestrator',
      file: snapshot.file,
      runId: snapshot.id,
      name: orchestrator.id,
      at: orchestrator.at,
    },
    capabilities: [
      ...(isLeftOver(run) ? runCapabilities(run) : []),
      ...(run.live && canRepair(orchestrator) ? ['canRepair' as const] : []),
      ...(over ? [] : ['hasAddress' as const]),
      ...(run.live && serving ? ['hasKeys' as const] : []),
      'inFile',
    ],
    expanded: true,
    children: shown.children,
  };
}

/** A shard, with what was measured of it. */
export function shardNode(
  { snapshot, live }: RunState,
  shard: ShardSnapshot,
  {
    alone,
    ...context
  }: NodeContext & {
    /** The orchestrator's row already shows the address of its only shard. */
    readonly alone: boolean;
  },
): ViewNode {
  const { wording } = context;
  const { t } = wording;
  const status = statusText(shard.status, t);
  const address = `${shard.host}:${shard.port}`;
  const { state, icon } = shardState(shard, context);
  const slots = slotsText(shard, wording);
  const figures = measured(shard, wording);
  return {
    id: `run:${snapshot.id}/shard:${shard.name}`,
    label: shard.name,
    description:
      shard.status === 'Running'
        ? // In a narrow side bar the end is cut off: what changes comes before what does not.
          described(state, slots, ...figures, alone && figures.length > 0 ? undefined : address)
        : described(status, endingText(shard, wording), alone ? undefined : address),
    tooltip: [
      t('Shard {name}: {state}', { name: shard.name, state: described(status, state) }),
      ...causeLines(shard.cause, wording),
      t('Address: {address}', { address }),
      ...(slots === undefined ? [] : [slots]),
      ...figures,
      ...processLines(shard, context),
      t('Output: {file}', { file: shard.out }),
    ],
    icon,
    spoken: described(
      t('Shard {name}: {state}', { name: shard.name, state: state ?? status }),
      address,
      slots,
      ...figures,
      causeText(shard.cause, wording),
    ),
    subject: {
      kind: 'shard',
      file: snapshot.file,
      runId: snapshot.id,
      name: shard.name,
      at: shard.at,
    },
    capabilities: [
      ...(live && canRestart(snapshot, shard) ? ['canRestart' as const] : []),
      ...(shard.status === 'Running' ? ['hasAddress' as const] : []),
      ...(shard.startedAt === undefined ? [] : ['hasOutput' as const]),
      'inFile',
    ],
    expanded: false,
    children: [],
  };
}

/** Message and remedy of a cause, and what was seen. */
export function causeLines(cause: ModelSnapshot['cause'], { t }: Wording): readonly string[] {
  if (cause === undefined) return [];
  return [...problemLines(cause, t), ...(cause.evidence === undefined ? [] : [endOf(cause.evidence)])];
}

/** What happened and why, in one sentence. */
export function causeText(cause: ModelSnapshot['cause'], { t }: Wording): string | undefined {
  return cause === undefined ? undefined : messageText(cause, t);
}

/** As much of the end of what was seen as a tooltip can hold; the output has it all. */
function endOf(evidence: string): string {
  return evidence
    .trimEnd()
    .split('\n')
    .slice(-5)
    .map((line) => (line.length > 160 ? `${line.slice(0, 159)}…` : line))
    .join('\n');
}

function firstCause({ shards }: OrchestratorSnapshot): ShardSnapshot['cause'] {
  return shards.find(({ cause }) => cause !== undefined)?.cause;
}

/** How a shard that runs serves, where that is not as it should be. */
function shardState(
  { status, notAnsweringSince, refusingWrites, cause }: ShardSnapshot,
  { wording, now }: NodeContext,
): { readonly state?: string; readonly icon: NodeIcon } {
  const { t } = wording;
  if (status !== 'Running' || cause === undefined) return { icon: statusIcon(status) };
  if (notAnsweringSince !== undefined) {
    const since = timeText(notAnsweringSince, wording, now);
    return { state: t('not answering since {time}', { time: since }), icon: unwellIcon };
  }
  if (refusingWrites === true) return { state: t('refusing writes (memory limit)'), icon: unwellIcon };
  const damaged = cause.code === 'cluster-damaged';
  return { state: damaged ? t('cluster not whole') : t('not serving'), icon: unwellIcon };
}

/** A cluster that is not whole although all its shards run. */
function canRepair({ clustered, phase, shards }: OrchestratorSnapshot): boolean {
  return clustered && phase === 'degraded' && shards.every(({ status }) => status === 'Running');
}

/** A shard that was started once can be started again while the rest of its run is up. */
function canRestart({ phase }: RunSnapshot, { startedAt }: ShardSnapshot): boolean {
  return startedAt !== undefined && (phase === 'ready' || phase === 'degraded');
}

function slotsText({ slots }: ShardSnapshot, { t }: Wording): string | undefined {
  if (slots.length === 0) return undefined;
  const ranges = slots.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`));
  return t('slots {slots}', { slots: shortened(ranges.join(', ')) });
}

/** Address of the only shard; of several their number, those that are not well, and what all of them hold together. */
function shardSummary({ phase, shards }: OrchestratorSnapshot, wording: Wording): string | undefined {
  const { t } = wording;
  const [first] = shards;
  if (shards.length <= 1) return first && `${first.host}:${first.port}`;
  const count = (holds: (shard: ShardSnapshot) => boolean): number => shards.filter(holds).length;
  const failed = count(({ status }) => status === 'Failed');
  const silent = count(({ notAnsweringSince }) => notAnsweringSince !== undefined);
  const full = count(({ refusingWrites }) => refusingWrites === true);
  return described(
    failed === 0 ? undefined : t('{count} failed', { count: countText(failed, wording) }),
    silent === 0 ? undefined : t('{count} not answering', { count: countText(silent, wording) }),
    full === 0 ? undefined : t('{count} refusing writes', { count: countText(full, wording) }),
    t('{count} shards', { count: countText(shards.length, wording) }),
    // Redis lets no shard of a new cluster serve sooner; it is no standstill.
    phase === 'forming' ? t('waiting for Redis’ own 2 s') : undefined,
    ...totals(shards, wording),
  );
}

/** Only where every shard was measured: a part of them would pass for the whole. */
function totals(shards: readonly ShardSnapshot[], wording: Wording): readonly string[] {
  let usedMemory = 0;
  let keys = 0;
  for (const shard of shards) {
    if (shard.status !== 'Running' || shard.usedMemory === undefined || shard.keys === undefined) return [];
    usedMemory += shard.usedMemory;
    keys += shard.keys;
  }
  return [bytesText(usedMemory, wording), keysText(keys, wording)];
}

/** A list may be long in a cluster of many shards; its beginning says what it is. */
function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** Nothing once it has ended: an old measurement would pass for a new one. */
function measured(shard: ShardSnapshot, wording: Wording): readonly string[] {
  const { status, usedMemory, clients, keys } = shard;
  const { t } = wording;
  if (status !== 'Running') return [];
  return [
    ...(usedMemory === undefined ? [] : [bytesText(usedMemory, wording)]),
    ...(keys === undefined ? [] : [keysText(keys, wording)]),
    ...(clients === undefined
      ? []
      : [clients === 1 ? t('1 client') : t('{count} clients', { count: countText(clients, wording) })]),
  ];
}

function processLines(
  entity: ModelSnapshot | ShardSnapshot,
  { wording, now }: NodeContext,
): readonly string[] {
  const { t } = wording;
  return [
    ...(entity.identity === undefined ? [] : [t('Process: {pid}', { pid: entity.identity.pid })]),
    ...(entity.startedAt === undefined
      ? []
      : [t('Started: {time}', { time: timeText(entity.startedAt, wording, now) })]),
    ...(entity.endedAt === undefined
      ? []
      : [t('Ended: {time}', { time: timeText(entity.endedAt, wording, now) })]),
  ];
}

/** Nothing while it runs, or where nobody saw how it ended. */
function endingText(
  { returnCode, signal }: ModelSnapshot | ShardSnapshot,
  { t }: Wording,
): string | undefined {
  if (signal !== undefined) return t('killed by {signal}', { signal });
  return typeof returnCode === 'number' ? t('code {code}', { code: returnCode }) : undefined;
}

function lasted({ startedAt, endedAt }: ModelSnapshot, wording: Wording): string | undefined {
  return startedAt === undefined || endedAt === undefined
    ? undefined
    : durationText(endedAt - startedAt, wording);
}
