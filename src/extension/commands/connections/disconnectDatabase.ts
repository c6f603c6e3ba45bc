import { chosenDatabase } from './chosenDatabase';
import { done, type Command } from '../workbench';

/** Lets go of a database: this window connects to it no more until somebody says so. */
export const disconnectDatabase: Command = async (workbench, target) => {
  const { t } = workbench.wording;
  const chosen = await chosenDatabase(
    workbench,
    target,
    ({ target: { own }, state }) => !own && state.kind !== 'listed',
    t('Disconnect from which database?'),
  );
  if (!chosen.ok) return chosen.problems;
  if (chosen.value !== undefined) workbench.keys.connections.disconnect(chosen.value.target.id);
  return done;
};
