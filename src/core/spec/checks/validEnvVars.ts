import { launchableEntries } from '../entries';
import type { Check } from './check';

/** Variables that a launch sets itself, with the suffixed forms of the first two. */
const managed = /^((SSDB|SR_DB_TYPE)(_.*)?|SSKEYIN|SSKEYOUT|SSW_.*)$/;

/** A variable's name has no `=` in it, and variables of the launch had better be left to it. */
export const validEnvVars: Check = (file, report) => {
  for (const { path, section } of launchableEntries(file)) {
    for (const name of Object.keys(section.run_settings?.env_vars ?? {})) {
      const at = [...path, 'run_settings', 'env_vars', name];
      if (name === '' || name.includes('=')) report('invalid-env-var', at, { name }, 'key');
      else if (managed.test(name)) report('managed-env-var', at, { name }, 'key');
    }
  }
};
