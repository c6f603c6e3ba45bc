import * as vscode from 'vscode';
import { problem, severityOf } from '../../core/base/problem';
import { fileExists } from '../bridge/fileExists';
import { fileChoice, pick } from '../ui/pickers';
import { activeFile, fileOf } from './target';
import { done, type Command } from './workbench';

/** Shows everything that a launch would do; starts nothing. */
export const showPlan: Command = async ({ core, experiments, planDocuments, wording }, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  await experiments.search();
  const named = fileOf(target) ?? activeFile();
  if (named === undefined && experiments.files.length === 0) return [problem('no-experiment-file')];
  const file =
    named ?? (await pick(experiments.files.map(fileChoice), wording.t('Show the plan of which experiment?')));
  if (file === undefined) return done;
  const uri = vscode.Uri.file(file);
  if (!(await fileExists(uri))) return [problem('file-missing', { file })];
  const document = await vscode.workspace.openTextDocument(uri);
  const { plan, problems } = await core.check({ file, text: document.getText() });
  if (plan === undefined) return problems.filter((found) => severityOf(found) === 'error');
  await planDocuments.show(plan);
  return done;
};
