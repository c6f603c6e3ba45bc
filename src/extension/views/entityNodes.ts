import type {
  ModelSnapshot,
  OrchestratorSnapshot,
  RunSnapshot,
  ShardSnapshot,
} from '../../core/deployment/runSnapshot';
import { messageText, problemLines } from '../wording/problemWords';
import { bytesText, countText, durationText, timeText } from '../wording/quantityWords';
import { phaseText, statusText } from '../wording/stateWords';
import type { Wording } from '../wording/wording';
import { phaseIcon, statusIcon } from './stateIcons';
import { described, type ViewNode } from './viewNode';

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
  { snapshot }: RunState,
  orchestrator: OrchestratorSnapshot,
  shown: { readonly label: string; readonly children: readonly ViewNode[] },
  { wording }: NodeContext,
): ViewNode {
  const { t } = wording;
  const state = phaseText(orchestrator.phase, t);
  const serving = orchestrator.phase === 'ready' || orchestrator.phase === 'degraded';
  const over = orchestrator.phase === 'stopped' || orchestrator.phase === 'failed';
  const [shard] = orchestrator.shards;
  const where =
    orchestrator.shards.length > 1
      ? t('{count} shards', { count: countText(orchestrator.shards.length, wording) })
      : shard && `${shard.host}:${shard.port}`;
  return {
    id: `run:${snapshot.id}/orchestrator:${orchestrator.id}`,
    label: shown.label,
    description: described(state, over ? undefined : where),
    tooltip: [
      t('Orchestrator {name}: {state}', { name: orchestrator.id, state }),
      ...causeLines(firstCause(orchestrator), wording),
      t('Server: {engine} {version}', { engine: orchestrator.engine, version: orchestrator.version }),
      `SSDB: ${orchestrator.ssdb}`,
      ...(orchestrator.formationMs === undefined
        ? []
        : [t('Ready after {duration}', { duration: durationText(orchestrator.formationMs, wording) })]),
    ],
    icon: serving ? { ...phaseIcon(orchestrator.phase), name: 'database' } : phaseIcon(orchestrator.phase),
    spoken: described(
      t('Orchestrator {name}: {state}', { name: orchestrator.id, state }),
      where,
      causeText(firstCause(orchestrator), wording),
    ),
    subject: {
      kind: 'orchestrator',
      file: snapshot.file,
      runId: snapshot.id,
      name: orchestrator.id,
      at: orchestrator.at,
    },
    capabilities: [...(over ? [] : ['hasAddress' as const]), 'inFile'],
    expanded: true,
    children: shown.children,
  };
}

/** A shard, with what was measured of it. */
export function shardNode(
  { snapshot }: RunState,
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
  const figures = measured(shard, wording);
  return {
    id: `run:${snapshot.id}/shard:${shard.name}`,
    label: shard.name,
    description:
      shard.status === 'Running'
        ? described(...(alone && figures.length > 0 ? [] : [address]), ...figures)
        : described(status, endingText(shard, wording), alone ? undefined : address),
    tooltip: [
      t('Shard {name}: {state}', { name: shard.name, state: status }),
      ...causeLines(shard.cause, wording),
      t('Address: {address}', { address }),
      ...figures,
      ...(shard.slots.length === 0
        ? []
        : [t('Slots: {slots}', { slots: shard.slots.map(([from, to]) => `${from}–${to}`).join(', ') })]),
      ...processLines(shard, context),
      t('Output: {file}', { file: shard.out }),
    ],
    icon: statusIcon(shard.status),
    spoken: described(
      t('Shard {name}: {state}', { name: shard.name, state: status }),
      address,
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

/** Nothing once it has ended: an old measurement would pass for a new one. */
function measured(shard: ShardSnapshot, wording: Wording): readonly string[] {
  const { status, usedMemory, clients, keys } = shard;
  const { t } = wording;
  if (status !== 'Running') return [];
  return [
    ...(usedMemory === undefined ? [] : [bytesText(usedMemory, wording)]),
    ...(keys === undefined
      ? []
      : [keys === 1 ? t('1 key') : t('{count} keys', { count: countText(keys, wording) })]),
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
