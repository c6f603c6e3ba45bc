import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { fileExists } from '../bridge/fileExists';
import { openPlace } from '../ui/openPlace';
import { subjectOf } from './target';
import { done, type Command } from './workbench';

/** Opens the experiment file where an orchestrator, a shard's orchestrator or a model is described. */
export const revealInFile: Command = async ({ core }, target) => {
  const subject = subjectOf(target);
  if (subject === undefined || !('at' in subject)) return done;
  if (!(await fileExists(vscode.Uri.file(subject.file))))
    return [problem('file-missing', { file: subject.file })];
  await openPlace({ file: subject.file, path: subject.at }, core);
  return done;
};
