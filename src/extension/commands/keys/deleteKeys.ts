import * as vscode from 'vscode';
import type { DeletionSummary } from '../../../core/inspection/inspector';
import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import type { Result } from '../../../core/base/result';
import type { DeletionOutcome } from '../../../core/value/change/deleteKeys';
import type { OpenDatabase } from '../../state/keyStore';
import { withCancellableProgress } from '../../ui/progress';
import { bytesText, countText, keysText } from '../../wording/quantityWords';
import { done, type Command, type Workbench } from '../workbench';
import { changeable, choiceOf, chosenRows, nameOfRow } from './chosenKeys';

/** Names that are listed in the question. */
const mostListed = 10;
/** Fewer are gone before anybody could cancel. */
const worthProgress = 500;

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
  const planned = await inspector.planDeletion(id, { name, ...choiceOf(rows) });
  if (!planned.ok) return planned.problems;
  const plan = planned.value;
  if (plan.keys === 0 || !(await isMeant(plan, rows, workbench))) {
    await inspector.cancelDeletion(id, plan.plan);
    return done;
  }
  const deleted = await carryOut(plan, database.value, workbench);
  await workbench.keys.tree.redraw();
  if (!deleted.ok) return deleted.problems;
  const { removed, left } = deleted.value;
  const { t } = workbench.wording;
  const keys = keysText(removed, workbench.wording);
  workbench.log.info(`Deleted ${removed} keys of ${database.value.target.name}.`);
  vscode.window.setStatusBarMessage(
    left === 0
      ? t('Deleted {keys}', { keys })
      : t('Deleted {keys}, {left} left', { keys, left: countText(left, workbench.wording) }),
    5000,
  );
  return deleted.problems;
};

async function carryOut(
  plan: DeletionSummary,
  { inspector, target: { id } }: OpenDatabase,
  { keys, wording }: Workbench,
): Promise<Result<DeletionOutcome>> {
  const { journal } = await keys.store.words();
  const carry = (): Promise<Result<DeletionOutcome>> =>
    keys.store.during(() => inspector.delete(id, plan.plan, journal));
  if (plan.keys < worthProgress) return carry();
  const { t } = wording;
  const total = countText(plan.keys, wording);
  return withCancellableProgress(t('Deleting {count} keys', { count: total }), async (report, signal) => {
    const cancel = (): void => void inspector.cancelDeletion(id, plan.plan);
    signal.addEventListener('abort', cancel, { once: true });
    const told = inspector.onDidDelete((progress) => {
      if (progress.plan !== plan.plan) return;
      report(
        t('{count} of {total}', { count: countText(plan.keys - progress.outcome.left, wording), total }),
      );
    });
    try {
      return await carry();
    } finally {
      told.dispose();
      signal.removeEventListener('abort', cancel);
    }
  });
}

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
        ? t('Delete {name} with its {keys}?', {
            name: nameOfRow(only, workbench),
            keys: keysText(plan.keys, wording),
          })
        : t('Delete {keys}?', { keys: keysText(plan.keys, wording) });
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
      ? t('{shard}: {keys}', { shard, keys: keysText(keys, wording) })
      : t('{shard}: {keys}, about {size}', {
          shard,
          keys: keysText(keys, wording),
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
