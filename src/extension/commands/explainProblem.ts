import path from 'node:path';
import * as vscode from 'vscode';
import { done, type Command } from './workbench';

/** Opens the page of problems at one of them; the link of every code in the Problems panel. */
export const explainProblem: Command = async ({ extensionPath }, code) => {
  const page = vscode.Uri.file(path.join(extensionPath, 'docs', 'errors.md'));
  const fragment = typeof code === 'string' ? code : '';
  await vscode.commands.executeCommand('markdown.showPreview', page.with({ fragment }));
  return done;
};
