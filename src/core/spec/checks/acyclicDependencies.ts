import type { DocumentPath } from '../../base/problem';
import { dependenciesOf } from '../dependencies';
import { launchableEntries } from '../entries';
import type { Check } from './check';

/** How many names of a cycle a message lists. */
const mostListed = 10;

/** Nothing can wait for itself, directly or through others. */
export const acyclicDependencies: Check = (file, report) => {
  const waitsFor = new Map(launchableEntries(file).map((entry) => [entry.name, dependenciesOf(entry)]));
  const finished = new Set<string>();
  for (const first of waitsFor.keys()) {
    // Depth first without recursion: a chain may be as long as a file.
    const trail: Visit[] = [];
    const onTrail = new Set<string>();
    const enter = (name: string): void => {
      if (finished.has(name)) return;
      trail.push({ name, next: 0 });
      onTrail.add(name);
    };
    enter(first);
    for (let visit = trail.at(-1); visit !== undefined; visit = trail.at(-1)) {
      const dependency = waitsFor.get(visit.name)?.[visit.next];
      visit.next += 1;
      if (dependency === undefined) {
        finished.add(visit.name);
        onTrail.delete(visit.name);
        trail.pop();
      } else if (onTrail.has(dependency.model)) {
        reportCycle(trail, dependency.model, dependency.at);
      } else {
        enter(dependency.model);
      }
    }
  }

  function reportCycle(trail: readonly Visit[], name: string, at: DocumentPath): void {
    const names = trail.map((visit) => visit.name);
    const cycle = [...names.slice(names.indexOf(name)), name];
    const part = typeof at.at(-1) === 'number' ? 'value' : 'key';
    if (cycle.length === 2) report('depends-on-itself', at, { name }, part);
    else report('cyclic-depends-on', at, { cycle: shown(cycle) }, part);
  }
};

interface Visit {
  readonly name: string;
  /** Index of the dependency that is looked at next. */
  next: number;
}

function shown(cycle: readonly string[]): string {
  const names =
    cycle.length <= mostListed ? cycle : [...cycle.slice(0, mostListed - 1), '…', ...cycle.slice(-1)];
  return names.join(' → ');
}
