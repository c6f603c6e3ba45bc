import path from 'node:path';
import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { fileExists } from '../bridge/fileExists';
import { done, type Command } from './workbench';

/** Creates a small experiment file that can be launched as it is, and opens it. */
export const newExperiment: Command = async ({ wording }) => {
  const { t } = wording;
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) return [problem('no-folder')];
  const folder =
    folders.length === 1
      ? folders[0]
      : await vscode.window.showWorkspaceFolderPick({
          placeHolder: t('Create the experiment file in which folder?'),
        });
  if (folder === undefined) return done;
  const name = await vscode.window.showInputBox({
    title: t('New Experiment File'),
    prompt: t('Name of the experiment'),
    value: 'experiment',
    validateInput: (text) =>
      /^[A-Za-z0-9][\w-]*$/.test(text)
        ? undefined
        : t('Use letters, digits, - and _, and begin with a letter or a digit.'),
  });
  if (name === undefined) return done;
  const uri = vscode.Uri.file(path.join(folder.uri.fsPath, `${name}.smartsim.yaml`));
  if (await fileExists(uri)) return [problem('file-exists', { file: uri.fsPath })];
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(template(name)));
  await vscode.window.showTextDocument(uri);
  return done;
};

/** In the file format's own words, which are not translated. */
function template(name: string): string {
  return `version: 1
experiment: ${name}
launcher: local

orchestrator:
  port: auto        # any free port of this machine

models:
  simulation:
    run_settings:
      exe: echo     # your program: in PATH, or relative to this file
      exe_args: [hello]
`;
}
