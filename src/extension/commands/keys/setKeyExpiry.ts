import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { parseDuration } from '../../state/durationText';
import { countText } from '../../wording/quantityWords';
import { done, type Command } from '../workbench';
import { changeable, choiceOf, chosenRows } from './chosenKeys';
import { followTask, keysOfRows } from './keyTask';

/** Has keys expire after a while, or never. */
export const setKeyExpiry: Command = async (workbench, target, selected) => {
  const rows = chosenRows(workbench, target, selected);
  if (rows.length === 0) return done;
  const database = changeable(workbench, 'PEXPIRE');
  if (!database.ok) return database.problems;
  const { keys, wording } = workbench;
  const { t } = wording;
  const text = await vscode.window.showInputBox({
    title: t('Set Expiry'),
    prompt: t('In how long the keys are deleted by the server: 90 s, 5 min, 2 h, 1 d, or never.'),
    validateInput: (typed) =>
      parseDuration(typed) === undefined
        ? t('A number with s, min, h or d, such as 5 min; or never.')
        : undefined,
  });
  const inMs = text === undefined ? undefined : parseDuration(text);
  if (inMs === undefined) return done;
  const { inspector, target: shown } = database.value;
  const task = randomUUID();
  const set = await followTask(
    { id: task, title: t('Setting the expiry'), keys: keysOfRows(rows) },
    database.value,
    workbench,
    () => inspector.setExpiry(shown.id, { task, ...choiceOf(rows) }, inMs),
  );
  keys.tree.askDetailsAnew();
  if (!set.ok) return set.problems;
  vscode.window.setStatusBarMessage(
    t('The expiry of {count} keys was set', { count: countText(set.value, wording) }),
    5000,
  );
  return done;
};
