import { launchableEntries, orchestratorEntries } from '../entries';
import { memoryBytes } from '../memoryBytes';
import type { Check } from './check';

/** A memory limit is written as Redis reads it. */
export const validMaxMemory: Check = (file, report) => {
  const databases = [
    ...orchestratorEntries(file),
    ...launchableEntries(file).map(({ path, section }) => ({
      path: [...path, 'colocated_db'],
      section: section.colocated_db,
    })),
  ];
  for (const { path, section } of databases) {
    const size = section?.max_memory;
    if (size !== undefined && memoryBytes(size) === undefined)
      report('invalid-max-memory', [...path, 'max_memory'], { size });
  }
};
