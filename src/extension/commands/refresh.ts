import * as vscode from 'vscode';
import { done, type Command } from './workbench';

/** Looks for files, runs, the database server and the keys that are shown again. */
export const refresh: Command = async ({ experiments, runs, serverAvailability, keys }) => {
  const files = experiments.refresh();
  if (vscode.workspace.isTrusted)
    await Promise.all([
      runs.refresh(),
      serverAvailability.again(),
      keys.connections.search(),
      keys.tree.refresh(),
    ]);
  await files;
  return done;
};
