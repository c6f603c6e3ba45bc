import * as vscode from 'vscode';
import { problem } from '../../../core/base/problem';
import { addressesText } from '../../wording/connectionWords';
import { keysLock, type KeysLock } from '../../views/keys/keysState';
import type { Subject } from '../../views/viewNode';
import { chosenDatabase } from './chosenDatabase';
import { done, type Command, type Workbench } from '../workbench';

/**
 * Allows changes in a database that we did not start, in this window, after one question that names it: the one of a row, else the
 * one whose keys are shown.
 */
export const unlockDatabase: Command = async (workbench, target) => {
  if (!vscode.workspace.isTrusted) return [problem('workspace-untrusted')];
  const { t } = workbench.wording;
  const chosen = await chosenDatabase(
    workbench,
    target ?? shownDatabase(workbench, 'locked'),
    ({ unlocked }) => !unlocked,
    t('Unlock which database for changes?'),
  );
  if (!chosen.ok) return chosen.problems;
  if (chosen.value === undefined) return done;
  const database = chosen.value.target;
  const unlock = t('Unlock');
  const answer = await vscode.window.showWarningMessage(
    t('Unlock {database} for changes?', { database: database.name }),
    {
      modal: true,
      detail: t(
        'It was not started here: {address}. Until it is locked again or the window is closed, keys can be renamed, deleted and made to expire.',
        { address: addressesText(chosen.value) },
      ),
    },
    unlock,
  );
  if (answer === unlock) workbench.keys.connections.unlock(database.id);
  return done;
};

/** Takes that back. */
export const lockDatabase: Command = async (workbench, target) => {
  const chosen = await chosenDatabase(
    workbench,
    target ?? shownDatabase(workbench, 'unlocked'),
    ({ target: { own }, unlocked }) => !own && unlocked,
    workbench.wording.t('Lock which database?'),
  );
  if (!chosen.ok) return chosen.problems;
  if (chosen.value !== undefined) workbench.keys.connections.lock(chosen.value.target.id);
  return done;
};

/** The database of the Keys view, if this is how it stands. */
function shownDatabase({ keys: { store } }: Workbench, lock: KeysLock): Subject | undefined {
  const { shown } = store;
  return shown.kind === 'open' && keysLock(shown) === lock
    ? { kind: 'database', id: shown.target.id }
    : undefined;
}
