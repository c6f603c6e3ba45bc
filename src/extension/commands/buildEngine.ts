import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import { success } from '../../core/base/result';
import { withCancellableProgress } from '../ui/progress';
import { done, type Command } from './workbench';

/** Compiles the AI engine into the user's own data directory, where it goes before that of the package. */
export const buildEngine: Command = async ({ core, log, serverAvailability, wording }) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { t } = wording;
  const built = await withCancellableProgress(t('Building the AI engine'), async (say, signal) => {
    const tell = (message: string): void => {
      log.info(message);
      say(message);
    };
    const debug = (message: string): void => {
      log.debug(message);
    };
    const outcome = await core.buildEngine({ debug, info: tell, warn: tell, error: tell }, signal);
    return signal.aborted && !outcome.ok ? success('cancelled') : outcome;
  });
  // Open files are checked again with it.
  await serverAvailability.again();
  if (!built.ok) return built.problems;
  if (built.value !== 'cancelled')
    void vscode.window.showInformationMessage(t('The AI engine is ready to use.'));
  return done;
};
