import type { DocumentPath } from '../../base/problem';
import { closestWord } from '../closestWord';
import { dependenciesOf } from '../dependencies';
import { launchableEntries } from '../entries';
import type { Check } from './check';

/** The names that are meant are looked for this often only: it takes long in a file with many. */
const mostCompared = 20;

/** How many names a remedy lists. */
const mostListed = 10;

/** `depends_on` and `incoming` name models and ensembles of the file, each once. */
export const knownReferences: Check = (file, report) => {
  const entries = launchableEntries(file);
  const names = entries.map(({ name }) => name);
  const known = new Set(names);
  const check = (references: readonly { readonly name: string; readonly at: DocumentPath }[]): void => {
    const seen = new Set<string>();
    for (const { name, at } of references) {
      const part = typeof at.at(-1) === 'number' ? 'value' : 'key';
      if (seen.has(name)) report('duplicate-reference', at, { name }, part);
      else if (!known.has(name)) reportUnknown(name, at, part);
      seen.add(name);
    }
  };
  let compared = 0;
  const reportUnknown = (name: string, at: DocumentPath, part: 'key' | 'value'): void => {
    compared += 1;
    const closest = compared <= mostCompared ? closestWord(name, names) : undefined;
    if (closest !== undefined) report('misspelt-reference', at, { name, closest }, part);
    else report('unknown-reference', at, { name, known: listed(names) }, part);
  };
  for (const entry of entries) {
    check(dependenciesOf(entry).map(({ model, at }) => ({ name: model, at })));
    check(
      (entry.section.incoming ?? []).map((name, index) => ({ name, at: [...entry.path, 'incoming', index] })),
    );
  }
};

function listed(names: readonly string[]): string {
  return names.length <= mostListed ? names.join(', ') : `${names.slice(0, mostListed).join(', ')}, …`;
}
