import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { DeletionSummary } from '../../../core/inspection/inspector';
import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import { bytesText, countText } from '../../wording/quantityWords';
import { done, type Command, type Workbench } from '../workbench';
import { changeable, choiceOf, chosenRows, nameOfRow } from './chosenKeys';
import { followTask, keysOfRows } from './keyTask';

/** Names that are listed in the question. */
const mostListed = 10;

/** Deletes keys, and all that lies below folders: after one question that says what would go. */
export const deleteKeys: Command = async (workbench, target, selected) => {
  const rows = chosenRows(workbench, target, selected);
  if (rows.length === 0) return done;
  const database = changeable(workbench, 'UNLINK');
  if (!database.ok) return database.problems;
  const {
    inspector,
    target: { id },
  } = database.value;
  const name = rows
    .map((row) => nameOfRow(row, workbench))
    .slice(0, mostListed)
    .join(', ');
  const { wording } = workbench;
  const task = randomUUID();
  const planned = await followTask(
    { id: task, title: wording.t('Looking what would be deleted'), keys: keysOfRows(rows) },
    database.value,
    workbench,
    () => inspector.planDeletion(id, { task, name, ...choiceOf(rows) }),
  );
  if (!planned.ok) return planned.problems;
  const plan = planned.value;
  if (plan === undefined) return done;
  if (plan.keys === 0 || !(await isMeant(plan, rows, workbench))) {
    await inspector.cancel(id, task);
    return done;
  }
  const { journal } = await workbench.keys.store.words();
  const title = wording.t('Deleting {count} keys', { count: countText(plan.keys, wording) });
  const deleted = await followTask({ id: task, title, keys: plan.keys }, database.value, workbench, () =>
    inspector.delete(id, task, journal),
  );
  await workbench.keys.tree.redraw();
  if (!deleted.ok) return deleted.problems;
  const { removed, left } = deleted.value;
  const { t } = wording;
  const count = countText(removed, wording);
  workbench.log.info(`Deleted ${removed} keys of ${database.value.target.name}.`);
  vscode.window.setStatusBarMessage(
    left === 0
      ? t('Deleted {count} keys', { count })
      : t('Deleted {count} keys, {left} are left', { count, left: countText(left, wording) }),
    5000,
  );
  return deleted.problems;
};

async function isMeant(
  plan: DeletionSummary,
  rows: readonly KeyRow[],
  workbench: Workbench,
): Promise<boolean> {
  const { wording } = workbench;
  const { t } = wording;
  const [only] = rows;
  const question =
    rows.length === 1 && only !== undefined && plan.keys === 1
      ? t('Delete {name}?', { name: nameOfRow(only, workbench) })
      : rows.length === 1 && only !== undefined
        ? t('Delete {name} with its {count} keys?', {
            name: nameOfRow(only, workbench),
            count: countText(plan.keys, wording),
          })
        : t('Delete {count} keys?', { count: countText(plan.keys, wording) });
  const remove = t('Delete');
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: detailText(plan, workbench) },
    remove,
  );
  return answer === remove;
}

function detailText(plan: DeletionSummary, { keys: { store }, wording }: Workbench): string {
  const { t } = wording;
  const names = plan.sample.map(({ key }) => store.displayKey(key, 60)).slice(0, mostListed);
  const more = plan.keys - names.length;
  const shards = plan.shards.map(({ shard, keys, bytes }) =>
    bytes === undefined
      ? t('{shard}: {count} keys', { shard, count: countText(keys, wording) })
      : t('{shard}: {count} keys, about {size}', {
          shard,
          count: countText(keys, wording),
          size: bytesText(bytes, wording),
        }),
  );
  return [
    ...names,
    ...(more > 0 ? [t('and {count} more', { count: countText(more, wording) })] : []),
    '',
    ...shards,
    ...(plan.complete ? [] : [t('Not all keys were read: those that are not known yet stay.')]),
    t('This cannot be undone.'),
  ].join('\n');
}
