import type { RunSnapshot } from '../../../core/deployment/runSnapshot';
import { isInTheWay } from '../../state/runOffers';
import { timeText } from '../../wording/quantityWords';
import { phaseText } from '../../wording/stateWords';
import {
  causeLines,
  causeText,
  modelNode,
  orchestratorNode,
  runCapabilities,
  type NodeContext,
  type RunState,
} from '../entityNodes';
import { phaseIcon } from '../stateIcons';
import { described, type ViewNode } from '../viewNode';

/** An experiment file, and the run that it shows. */
export interface ExperimentState {
  readonly file: string;
  readonly label: string;
  /** Where it lies, as short as it is clear. */
  readonly where: string;
  /** Asked to launch, and no run is there yet. */
  readonly launching: boolean;
  /** The live run, else the last one. */
  readonly run?: RunState;
}

export interface ExperimentsContext extends NodeContext {
  /** False in an untrusted workspace: then nothing can be launched. */
  readonly trusted: boolean;
}

/** Files, their live or last run, and what that consists of. */
export function experimentNodes(
  experiments: readonly ExperimentState[],
  context: ExperimentsContext,
): readonly ViewNode[] {
  return experiments.map((experiment) => experimentNode(experiment, context));
}

function experimentNode(experiment: ExperimentState, context: ExperimentsContext): ViewNode {
  const { t } = context.wording;
  const { file, label, where, launching, run } = experiment;
  const state = launching ? t('Launching') : run && phaseText(run.snapshot.phase, t);
  return {
    id: `file:${file}`,
    label,
    description: described(state, where),
    tooltip: [file, state ?? t('Not launched yet'), ...causeLines(run?.snapshot.cause, context.wording)],
    icon: launching
      ? { name: 'loading~spin' }
      : run === undefined
        ? { name: 'beaker' }
        : phaseIcon(run.snapshot.phase),
    spoken: described(
      t('Experiment {name}: {state}', { name: label, state: state ?? t('Not launched yet') }),
      causeText(run?.snapshot.cause, context.wording),
    ),
    subject: { kind: 'experiment', file },
    capabilities: [
      ...(context.trusted && !launching && (run === undefined || !isInTheWay(run))
        ? ['canLaunch' as const]
        : []),
      ...(run === undefined ? [] : runCapabilities(run)),
    ],
    expanded: run !== undefined && isInTheWay(run),
    children: run === undefined ? [] : [runNode(run, context)],
  };
}

function runNode(run: RunState, context: ExperimentsContext): ViewNode {
  const { snapshot } = run;
  const { wording, now } = context;
  const { t } = wording;
  const state = phaseText(snapshot.phase, t);
  const started = timeText(snapshot.startedAt, wording, now);
  return {
    id: `run:${snapshot.id}`,
    label: t('Run of {time}', { time: started }),
    description: described(state, causeText(snapshot.cause, wording)),
    tooltip: [
      t('Run {id}: {state}', { id: snapshot.id, state }),
      ...causeLines(snapshot.cause, wording),
      t('Host: {host}', { host: snapshot.host }),
      t('Folder: {folder}', { folder: snapshot.runDirectory }),
    ],
    icon: phaseIcon(snapshot.phase),
    spoken: described(
      t('Run of {time}: {state}', { time: started, state }),
      causeText(snapshot.cause, wording),
    ),
    subject: { kind: 'run', file: snapshot.file, runId: snapshot.id },
    capabilities: runCapabilities(run),
    expanded: isInTheWay(run),
    children: entities(run, snapshot, context),
  };
}

function entities(run: RunState, snapshot: RunSnapshot, context: ExperimentsContext): readonly ViewNode[] {
  return [
    ...snapshot.orchestrators.map((orchestrator) =>
      orchestratorNode(run, orchestrator, { label: orchestrator.id, children: [] }, context),
    ),
    ...snapshot.models.map((model) => modelNode(run, model, context)),
  ];
}
