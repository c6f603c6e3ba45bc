import { done, type Command } from '../workbench';
import { chosenKey } from './chosenKeys';

/** Shows what a key holds. */
export const openKey: Command = async (workbench, target, selected) => {
  const key = chosenKey(workbench, target, selected);
  if (key !== undefined) await workbench.keys.documents.show(key, undefined, true);
  return done;
};
