import { launchableEntries } from '../entries';
import type { Check } from './check';

/** On this machine nothing takes `run_args` unless a run command is named. */
export const runArgsHaveCommand: Check = (file, report) => {
  if ((file.launcher ?? 'local') !== 'local') return;
  for (const { path, section } of launchableEntries(file)) {
    const { run_command: command = 'auto', run_args: args = {} } = section.run_settings ?? {};
    if (command === 'auto' && Object.keys(args).length > 0) {
      report('run-args-without-command', [...path, 'run_settings', 'run_args'], {}, 'key');
    }
  }
};
