import { launchableEntries } from '../entries';
import type { Check } from './check';

/** Who reads keys under a model's name finds nothing if that model writes its keys without its name. */
export const incomingHasPrefix: Check = (file, report) => {
  const entries = launchableEntries(file);
  const prefixed = new Map(
    entries.map(({ kind, name, section }) => [name, section.enable_key_prefixing ?? kind === 'ensemble']),
  );
  for (const { path, name, section } of entries) {
    for (const [index, source] of (section.incoming ?? []).entries()) {
      if (prefixed.get(source) === false)
        report('incoming-without-prefix', [...path, 'incoming', index], { name, source });
    }
  }
};
