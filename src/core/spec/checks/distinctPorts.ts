import { interfacesOf, orchestratorEntries, portOf } from '../entries';
import type { OrchestratorSection } from '../experimentFile';
import type { Check } from './check';

/** Two orchestrators cannot begin at one port; further shards get out of each other's way by themselves. */
export const distinctPorts: Check = (file, report) => {
  const entries = orchestratorEntries(file);
  for (const [index, { identifier, path, section }] of entries.entries()) {
    const port = portOf(section);
    const other = entries
      .slice(0, index)
      .find((earlier) => portOf(earlier.section) === port && meets(earlier.section, section));
    if (port === 'auto' || other === undefined) continue;
    const at = section.port === undefined ? path : [...path, 'port'];
    report(
      'port-given-twice',
      at,
      { other: other.identifier, orchestrator: identifier, port },
      section.port === undefined ? 'key' : 'value',
    );
  }
};

function meets(one: OrchestratorSection, other: OrchestratorSection): boolean {
  return interfacesOf(one).some((name) => interfacesOf(other).includes(name));
}
