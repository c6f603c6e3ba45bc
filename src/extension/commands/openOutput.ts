import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { fileExists } from '../bridge/fileExists';
import { entityOf } from './entityOf';
import { done, type Command } from './workbench';

/** Opens what a model or a shard wrote to its standard output. */
export const openOutput: Command = openStream('out');

/** Opens what a model or a shard wrote to its standard error. */
export const openErrorOutput: Command = openStream('err');

function openStream(stream: 'out' | 'err'): Command {
  return async (workbench, target) => {
    const chosen = await entityOf(
      workbench,
      target,
      ({ snapshot }) => snapshot.startedAt !== undefined,
      workbench.wording.t('Open the output of which model or shard?'),
    );
    if (!chosen.ok) return chosen.problems;
    if (chosen.value === undefined) return done;
    const { name, [stream]: file } = chosen.value.snapshot;
    const uri = vscode.Uri.file(file);
    if (!(await fileExists(uri))) return [problem('output-missing', { entity: name, file })];
    // As the explorer opens a file: it may be binary, or too large for a text editor.
    await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
    return done;
  };
}
