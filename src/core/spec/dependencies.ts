import type { DocumentPath } from '../base/problem';
import type { LaunchableEntry } from './entries';
import type { Dependency } from './experimentSpec';

/** What a model or an ensemble waits for, from either way of writing it. */
export function dependenciesOf({ path, section }: LaunchableEntry): readonly Dependency[] {
  const at: DocumentPath = [...path, 'depends_on'];
  const written = section.depends_on ?? [];
  return isList(written)
    ? written.map((model, index) => ({ at: [...at, index], model, condition: 'started' }))
    : Object.entries(written).map(([model, condition]) => ({ at: [...at, model], model, condition }));
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}
