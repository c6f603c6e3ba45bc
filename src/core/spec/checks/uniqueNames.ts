import type { DocumentPath } from '../../base/problem';
import { launchableEntries, orchestratorEntries, type OrchestratorEntry } from '../entries';
import type { ExperimentFile } from '../experimentFile';
import type { Check } from './check';

/** Shards beyond this number are not compared with other names. */
const mostShardNames = 1000;

/** Models, ensembles, orchestrators and shards share one set of names: directories, logs and commands go by it. */
export const uniqueNames: Check = (file, report) => {
  const seen = new Map<string, NamedThing>();
  const seenFolded = new Map<string, NamedThing>();
  for (const thing of namedThings(file)) {
    const { name, path, part } = thing;
    const same = seen.get(name);
    // Some file systems do not tell upper and lower case apart.
    const similar = seenFolded.get(name.toLowerCase());
    if (same !== undefined) report('duplicate-name', path, { name, owner: same.kind }, part);
    else if (similar !== undefined) report('names-differ-by-case', path, { name, other: similar.name }, part);
    if (same === undefined) seen.set(name, thing);
    if (similar === undefined) seenFolded.set(name.toLowerCase(), thing);
  }
};

interface NamedThing {
  readonly name: string;
  /** With its article. */
  readonly kind: string;
  readonly path: DocumentPath;
  readonly part: 'key' | 'value';
}

/** Orchestrators first, so that a clash is shown at the model, whose name is free to choose. */
function namedThings(file: ExperimentFile): readonly NamedThing[] {
  return [
    ...orchestratorEntries(file).flatMap(namesOfOrchestrator),
    ...launchableEntries(file).map(
      ({ kind, name, path }) =>
        ({ name, kind: kind === 'model' ? 'a model' : 'an ensemble', path, part: 'key' }) as const,
    ),
  ];
}

function namesOfOrchestrator({
  identifier,
  identifierPath,
  path,
  section,
}: OrchestratorEntry): readonly NamedThing[] {
  const at =
    identifierPath === undefined || identifierPath === path
      ? ({ path, part: 'key' } as const)
      : ({ path: identifierPath, part: 'value' } as const);
  const shards = Array.from({ length: Math.min(section.db_nodes ?? 1, mostShardNames) }, (_, index) => ({
    name: `${identifier}_${index}`,
    kind: `a shard of "${identifier}"`,
    ...at,
  }));
  return [{ name: identifier, kind: 'an orchestrator', ...at }, ...shards];
}
