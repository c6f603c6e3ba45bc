import { done, type Command } from './workbench';

/** Shows the log channel. */
export const showLog: Command = ({ log }) => {
  log.show();
  return Promise.resolve(done);
};
