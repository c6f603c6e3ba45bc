import { chosenDatabase } from './chosenDatabase';
import { done, type Command } from '../workbench';

/** Removes a remembered database, and its password from the secret storage. */
export const forgetConnection: Command = async (workbench, target) => {
  const { t } = workbench.wording;
  const chosen = await chosenDatabase(
    workbench,
    target,
    ({ remembered }) => remembered,
    t('Forget which connection?'),
  );
  if (!chosen.ok) return chosen.problems;
  if (chosen.value !== undefined) await workbench.keys.connections.forget(chosen.value.target.id);
  return done;
};
