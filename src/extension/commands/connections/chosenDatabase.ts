import { problem } from '../../../core/base/problem';
import { failure, success, type Result } from '../../../core/base/result';
import type { KnownDatabase } from '../../state/connectionStore';
import { pick, type Choice } from '../../ui/pickers';
import { addressesText, connectionText, originText } from '../../wording/connectionWords';
import type { Wording } from '../../wording/wording';
import { subjectOf } from '../target';
import type { Workbench } from '../workbench';

/** The database of the row that a command was invoked on, else the one that the user picks among those that are `wanted`. */
export async function chosenDatabase(
  { keys: { connections }, runs, wording }: Workbench,
  target: unknown,
  wanted: (known: KnownDatabase) => boolean,
  question: string,
): Promise<Result<KnownDatabase | undefined>> {
  const subject = subjectOf(target);
  if (subject?.kind === 'database') {
    const known = connections.byId(subject.id);
    return known === undefined ? failure(problem('database-gone')) : success(known);
  }
  await Promise.all([runs.follow(), connections.once()]);
  const choices = connections.databases.filter(wanted).map((known) => databaseChoice(known, wording));
  if (choices.length === 0) return failure(problem('no-such-connection'));
  return success(await pick(choices, question));
}

/** A choice among databases. */
export function databaseChoice(known: KnownDatabase, { t }: Wording): Choice<KnownDatabase> {
  return {
    label: known.target.name,
    description: connectionText(known, t),
    detail: `${addressesText(known)} · ${known.origins
      .slice(0, 1)
      .map((origin) => originText(origin, t))
      .join('')}`,
    value: known,
  };
}
