import type { DocumentPath } from '../../base/problem';
import { launchableEntries, orchestratorEntries } from '../entries';
import type { Check } from './check';

/** `~` is a shell's word for the home directory, and no shell reads this file. */
export const noHomeShorthand: Check = (file, report) => {
  const check = (written: string | undefined, path: DocumentPath): void => {
    if (written === '~' || written?.startsWith('~/') === true)
      report('home-shorthand', path, { path: written });
  };
  check(file.path, ['path']);
  for (const { path, section } of orchestratorEntries(file))
    check(section.unix_socket, [...path, 'unix_socket']);
  for (const { path, section } of launchableEntries(file)) {
    check(section.path, [...path, 'path']);
    check(section.run_settings?.exe, [...path, 'run_settings', 'exe']);
    for (const list of ['to_copy', 'to_symlink', 'to_configure'] as const) {
      section.files?.[list]?.forEach((written, index) => {
        check(written, [...path, 'files', list, index]);
      });
    }
  }
};
