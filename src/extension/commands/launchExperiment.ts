import * as vscode from 'vscode';
import { problem, type Problem } from '../../core/base/problem';
import { launchFile, type LaunchOutcome, type LaunchStep } from '../launching/launchFile';
import { experimentLabel } from '../state/experimentLabel';
import { fileChoice, pick } from '../ui/pickers';
import { withCancellableProgress } from '../ui/progress';
import type { Wording } from '../wording/wording';
import { readSaved } from './readSaved';
import { activeFile, fileOf } from './target';
import { done, type Command, type Workbench } from './workbench';

/** Launches an experiment file as it is on disk, after saving what is open of it. */
export const launchExperiment: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const chosen = fileOf(target) ?? activeFile() ?? (await chooseFile(workbench));
  if (chosen === undefined)
    return workbench.experiments.files.length === 0 ? [problem('no-experiment-file')] : done;
  // A run that is already live, perhaps from a terminal, has to be known before another is tried.
  await workbench.runs.follow();
  const name = experimentLabel(chosen);
  return withCancellableProgress(
    workbench.wording.t('Launching {experiment}', { experiment: name }),
    async (say, signal) => {
      const source = await readSaved(chosen, () => {
        say(workbench.wording.t('saving the file'));
      });
      if (!source.ok) return source.problems;
      const report = (step: LaunchStep): void => {
        say(stepText(step, workbench.wording));
      };
      const outcome = await launchFile(source.value, workbench.core, workbench.runs, report, signal);
      return tell(outcome, name, workbench);
    },
  );
};

async function chooseFile({ experiments, wording }: Workbench): Promise<string | undefined> {
  await experiments.search();
  return experiments.files.length === 0
    ? undefined
    : pick(experiments.files.map(fileChoice), wording.t('Launch which experiment?'));
}

function stepText(step: LaunchStep, { t }: Wording): string {
  switch (step) {
    case 'checking':
      return t('checking the file');
    case 'starting':
      return t('starting the supervisor');
    case 'orchestrators':
      return t('starting the orchestrator');
    case 'models':
      return t('starting the models');
    case 'rollingBack':
      return t('stopping what was started');
  }
}

function tell(outcome: LaunchOutcome, name: string, { log, wording }: Workbench): readonly Problem[] {
  const { t } = wording;
  switch (outcome.kind) {
    case 'launched':
      log.info(`Launched ${outcome.run.record.file} as run ${outcome.run.record.id}.`);
      return done;
    case 'refused':
    case 'failed':
      return outcome.problems;
    case 'cancelled':
      void vscode.window.showInformationMessage(
        outcome.stopped.length === 0
          ? t('The launch of {experiment} was cancelled. Nothing had been started.', { experiment: name })
          : t('The launch of {experiment} was cancelled. Stopped again: {entities}.', {
              experiment: name,
              entities: outcome.stopped.join(', '),
            }),
      );
      return outcome.problems;
  }
}
