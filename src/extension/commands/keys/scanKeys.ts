import { connectTo } from '../connections/connectDatabase';
import { done, type Command } from '../workbench';

/** Reads names as fast as it goes. */
export const scanFaster: Command = async ({ keys: { store } }) => {
  await store.setPace('full');
  return done;
};

/** Leaves nine tenths of each server's time to others. */
export const scanKindly: Command = async ({ keys: { store } }) => {
  await store.setPace('kind');
  return done;
};

/** Reads all names from the beginning; where the database did not let us in, connects anew, and asks for what it wants. */
export const rescanKeys: Command = async (workbench) => {
  const { store, tree } = workbench.keys;
  if (store.shown.kind === 'failed') return connectTo(workbench, store.shown.target);
  tree.askDetailsAnew();
  await store.rescan();
  return done;
};
