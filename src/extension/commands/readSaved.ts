import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import type { ExperimentSource } from '../bridge/heavyCore';

/** The file as it is on disk, after saving it where an editor has changes; `saving` is called first. */
export async function readSaved(file: string, saving: () => void): Promise<Result<ExperimentSource>> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === file);
  if (open?.isDirty === true) {
    saving();
    if (!(await open.save())) return failure(problem('experiment-not-saved', { file }, { place: { file } }));
  }
  try {
    return success({ file, text: await readFile(file, 'utf8') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failure(problem('file-unreadable', { file, reason }));
  }
}
