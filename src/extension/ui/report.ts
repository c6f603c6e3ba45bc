import * as vscode from 'vscode';
import { messageOf, remedyOf, severityOf, type Problem, type Severity } from '../../core/base/problem';
import { inBackground } from '../bridge/background';
import type { HeavyCore } from '../bridge/heavyCore';
import { commandId } from '../contributions';
import { messageText, remedyText } from '../wording/problemWords';
import type { Wording } from '../wording/wording';
import { openPlace } from './openPlace';

interface Action {
  readonly title: string;
  run(): void;
}

interface ReportContext {
  readonly core: Pick<HeavyCore, 'parse'>;
  readonly log: vscode.LogOutputChannel;
  readonly wording: Wording;
}

/** Writes all problems to the log and shows the first, with what can be done about it. */
export function reportProblems(
  problems: readonly Problem[],
  { core, log, wording: { t } }: ReportContext,
): void {
  for (const found of problems) writeToLog(found, log);
  const [first, ...others] = problems;
  if (first === undefined) return;
  const text = [
    messageText(first, t),
    remedyText(first, t),
    others.length === 0 ? undefined : t('({count} more in the log.)', { count: others.length }),
  ];
  const actions = actionsFor(first, problems, { core, log }, t);
  offer(show(severityOf(first))(text.filter(Boolean).join(' '), ...actions.map(titleOf)), actions);
}

/** For faults of ours, which the log describes. */
export function reportFault(log: vscode.LogOutputChannel): void {
  const actions = [showLog(log)];
  const text = vscode.l10n.t('SmartSim Workbench failed unexpectedly. The log says more.');
  offer(vscode.window.showErrorMessage(text, ...actions.map(titleOf)), actions);
}

function show(severity: Severity): (text: string, ...actions: string[]) => Thenable<string | undefined> {
  switch (severity) {
    case 'error':
      return vscode.window.showErrorMessage;
    case 'warning':
      return vscode.window.showWarningMessage;
    case 'information':
    case 'hint':
      return vscode.window.showInformationMessage;
  }
}

function actionsFor(
  first: Problem,
  all: readonly Problem[],
  { core, log }: Omit<ReportContext, 'wording'>,
  t: Wording['t'],
): readonly Action[] {
  const own: Action[] = [];
  const { place } = first;
  if (first.code === 'no-server')
    own.push(action(t('Install Database Server'), commandId.installDatabaseServer));
  if (first.code === 'no-tensors' || first.code === 'no-engine')
    own.push(action(t('Build AI Engine'), commandId.buildEngine));
  if (first.code === 'database-locked') own.push(action(t('Unlock'), commandId.unlockDatabase));
  if (first.code === 'workspace-untrusted')
    own.push(action(t('Manage Workspace Trust'), 'workbench.trust.manage'));
  if (first.code === 'no-experiment-file')
    own.push(action(t('New Experiment File'), commandId.newExperiment));
  if (first.code === 'run-left-over' && place !== undefined) {
    const subject = { kind: 'experiment', file: place.file } as const;
    own.push(action(t('Take Over'), commandId.takeOver, subject));
    own.push(action(t('Stop'), commandId.stopExperiment, subject));
  } else if (place !== undefined) {
    own.push({
      title: t('Open File'),
      run: () => {
        void inBackground(`${place.file} cannot be shown`, () => openPlace(place, core), log);
      },
    });
  }
  const isFailure = severityOf(first) === 'error' || severityOf(first) === 'warning';
  const more = all.length > 1 || first.evidence !== undefined || (own.length === 0 && isFailure);
  return more ? [...own, showLog(log)] : own;
}

function action(title: string, command: string, ...args: readonly unknown[]): Action {
  return { title, run: () => void vscode.commands.executeCommand(command, ...args) };
}

function showLog(log: vscode.LogOutputChannel): Action {
  return {
    title: vscode.l10n.t('Show Log'),
    run: () => {
      log.show();
    },
  };
}

function titleOf({ title }: Action): string {
  return title;
}

/** Nobody waits for the answer: a command is over when its message is shown. */
function offer(answer: Thenable<string | undefined>, actions: readonly Action[]): void {
  void answer.then((title) => actions.find((candidate) => candidate.title === title)?.run());
}

/** In English, as in bug reports. */
function writeToLog(found: Problem, log: vscode.LogOutputChannel): void {
  const lines = [`${found.code}: ${messageOf(found)}`, remedyOf(found), place(found), found.evidence];
  const text = lines.filter((line) => line !== undefined).join('\n');
  switch (severityOf(found)) {
    case 'error':
      log.error(text);
      break;
    case 'warning':
      log.warn(text);
      break;
    case 'information':
    case 'hint':
      log.info(text);
  }
}

function place({ place: where }: Problem): string | undefined {
  if (where === undefined) return undefined;
  return where.range === undefined ? where.file : `${where.file}:${where.range.start.line + 1}`;
}
