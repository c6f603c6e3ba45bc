import * as vscode from 'vscode';
import type { Run } from '../../core/run/run';
import { experimentLabel } from '../state/experimentLabel';
import type { ExperimentFile } from '../state/experimentStore';
import { phaseText } from '../wording/stateWords';
import type { Wording } from '../wording/wording';

/** A choice, and the value that it stands for. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** The only choice without asking, else the user's; absent when they turned away. */
export async function pick<T>(choices: readonly Choice<T>[], title: string): Promise<T | undefined> {
  const [only] = choices;
  if (choices.length === 1 && only !== undefined) return only.value;
  const chosen = await vscode.window.showQuickPick(choices, { title, matchOnDescription: true });
  return chosen?.value;
}

/** A choice among experiment files. */
export function fileChoice({ file, label, where }: ExperimentFile): Choice<string> {
  return { label, description: where, value: file };
}

/** A choice among runs. */
export function runChoice(run: Run, { t }: Wording): Choice<Run> {
  return {
    label: experimentLabel(run.record.file),
    description: phaseText(run.snapshot.phase, t),
    detail: run.record.file,
    value: run,
  };
}
