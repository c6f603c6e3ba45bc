import type { DocumentPath } from '../../base/problem';
import { launchableEntries, orchestratorEntries } from '../entries';
import type { OrchestratorSection } from '../experimentFile';
import type { Check } from './check';
import { reservedDirective } from './reservedDirectives';

/** Directives become lines of the server's configuration file: each must stay one line, and leave ours alone. */
export const validConf: Check = (file, report) => {
  const check = (conf: OrchestratorSection['conf'], path: DocumentPath): void => {
    for (const [directive, value] of Object.entries(conf ?? {})) {
      const at = [...path, 'conf', directive];
      const reason = reservedDirective(directive);
      if (!/^[a-z][a-z0-9-]*$/i.test(directive)) report('invalid-directive', at, { directive }, 'key');
      else if (reason !== undefined) report('reserved-directive', at, { directive, reason }, 'key');
      else if ([value].flat().some(hasLineBreak)) report('directive-of-several-lines', at, { directive });
    }
  };
  for (const { section, path } of orchestratorEntries(file)) check(section.conf, path);
  for (const { section, path } of launchableEntries(file))
    check(section.colocated_db?.conf, [...path, 'colocated_db']);
};

function hasLineBreak(value: unknown): boolean {
  return typeof value === 'string' && /[\r\n]/.test(value);
}
