import * as vscode from 'vscode';
import { done, type Command } from './workbench';

/** Looks for files, runs and the database server again. */
export const refresh: Command = async ({ experiments, runs, serverAvailability }) => {
  const files = experiments.refresh();
  if (vscode.workspace.isTrusted) await Promise.all([runs.refresh(), serverAvailability.again()]);
  await files;
  return done;
};
