import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { success } from '../../core/base/result';
import { withCancellableProgress } from '../ui/progress';
import { done, type Command } from './workbench';

/** Gets a database server into the user's own data directory, without administrator rights. */
export const installDatabaseServer: Command = async ({ core, log, serverAvailability, wording }) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { t } = wording;
  const installed = await withCancellableProgress(t('Installing a database server'), async (say, signal) => {
    const tell = (message: string): void => {
      log.info(message);
      say(message);
    };
    const debug = (message: string): void => {
      log.debug(message);
    };
    const outcome = await core.installServer({ debug, info: tell, warn: tell, error: tell }, signal);
    return signal.aborted && !outcome.ok ? success('cancelled') : outcome;
  });
  await serverAvailability.again();
  if (!installed.ok) return installed.problems;
  if (installed.value !== 'cancelled') {
    void vscode.window.showInformationMessage(t('A database server is installed and ready to use.'));
  }
  return done;
};
