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

/** Reads all names from the beginning. */
export const rescanKeys: Command = async ({ keys: { store, tree } }) => {
  tree.askDetailsAnew();
  await store.rescan();
  return done;
};
