import * as vscode from 'vscode';
import { toVscodeRange } from '../bridge/range';
import { subjectOf } from './target';
import { done, type Command } from './workbench';

/** Opens the experiment file where an orchestrator, a shard's orchestrator or a model is described. */
export const revealInFile: Command = async ({ core }, target) => {
  const subject = subjectOf(target);
  if (subject === undefined || !('at' in subject)) return done;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(subject.file));
  const parsed = await core.parse({ file: subject.file, text: document.getText() });
  const range = toVscodeRange(parsed.keyRangeOf(subject.at) ?? parsed.rangeOf(subject.at));
  await vscode.window.showTextDocument(document, { selection: range });
  return done;
};
