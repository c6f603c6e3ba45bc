import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
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
    if (!(await exists(uri))) return [problem('output-missing', { entity: name, file })];
    await vscode.window.showTextDocument(uri, { preview: true });
    return done;
  };
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
