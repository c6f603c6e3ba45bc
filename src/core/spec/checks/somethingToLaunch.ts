import { launchableEntries, orchestratorEntries } from '../entries';
import type { Check } from './check';

/** An experiment without any entity cannot be launched. */
export const somethingToLaunch: Check = (file, report) => {
  if (orchestratorEntries(file).length + launchableEntries(file).length === 0) {
    report('nothing-to-launch', ['experiment'], {}, 'key');
  }
};
