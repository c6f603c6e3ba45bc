import type { ChangeProgress } from '../../../core/inspection/inspector';
import type { KeyRow } from '../../../core/keyspace/tree/keyRow';
import type { OpenDatabase } from '../../state/keyStore';
import { withCancellableProgress } from '../../ui/progress';
import { bytesText, countText } from '../../wording/quantityWords';
import type { Wording } from '../../wording/wording';
import type { Workbench } from '../workbench';

/** Fewer keys are done with before anybody could cancel. */
const worthProgress = 500;

/** Something that is done to keys, of which there are about so many. */
export interface KeyTask {
  /** As the Inspector knows it. */
  readonly id: string;
  readonly title: string;
  readonly keys: number;
}

/** Does it, even while the view is hidden; tells how far it is, and cancels it on request; of few keys it says nothing. */
export function followTask<T>(
  task: KeyTask,
  database: OpenDatabase,
  { keys, wording }: Workbench,
  work: () => Promise<T>,
): Promise<T> {
  return keys.store.during(() =>
    task.keys < worthProgress ? work() : withProgress(task, database, wording, work),
  );
}

function withProgress<T>(
  { id, title }: KeyTask,
  { inspector, target }: OpenDatabase,
  wording: Wording,
  work: () => Promise<T>,
): Promise<T> {
  return withCancellableProgress(title, async (report, signal) => {
    const cancel = (): void => void inspector.cancel(target.id, id);
    signal.addEventListener('abort', cancel, { once: true });
    const told = inspector.onDidAdvance((progress) => {
      if (progress.task === id) report(progressText(progress, wording));
    });
    try {
      return await work();
    } finally {
      told.dispose();
      signal.removeEventListener('abort', cancel);
    }
  });
}

/** How many keys rows stand for, as far as that is known. */
export function keysOfRows(rows: readonly KeyRow[]): number {
  return rows.reduce((sum, row) => sum + keysOfRow(row), 0);
}

function keysOfRow(row: KeyRow): number {
  switch (row.kind) {
    case 'key':
      return 1;
    case 'aiModel':
      return row.keys.length;
    case 'dataset':
      return row.tensors + 1;
    case 'folder':
      return row.keys;
  }
}

function progressText({ keys, of, bytes }: ChangeProgress, wording: Wording): string {
  const { t } = wording;
  const count = countText(keys, wording);
  if (of !== undefined) return t('{count} of {total}', { count, total: countText(of, wording) });
  return bytes === undefined
    ? t('{count} keys', { count })
    : t('{count} keys, about {size}', { count, size: bytesText(bytes, wording) });
}
