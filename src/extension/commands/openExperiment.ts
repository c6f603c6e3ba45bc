import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { fileExists } from '../bridge/fileExists';
import { fileChoice, pick } from '../ui/pickers';
import { fileOf } from './target';
import { done, type Command } from './workbench';

/** Opens an experiment file in an editor. */
export const openExperiment: Command = async ({ experiments, wording }, target) => {
  await experiments.search();
  if (fileOf(target) === undefined && experiments.files.length === 0) return [problem('no-experiment-file')];
  const file =
    fileOf(target) ?? (await pick(experiments.files.map(fileChoice), wording.t('Open which experiment?')));
  if (file === undefined) return done;
  const uri = vscode.Uri.file(file);
  if (!(await fileExists(uri))) return [problem('file-missing', { file })];
  await vscode.window.showTextDocument(uri, { preview: true });
  return done;
};
