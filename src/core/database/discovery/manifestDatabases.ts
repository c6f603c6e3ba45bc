import path from 'node:path';
import type { Endpoint } from '../../redis/wire/endpoint';
import { parseAddress } from './databaseAddress';
import { isLocalEndpoint } from './localEndpoint';
import { shownName } from './shownName';

/** A database in SmartSim's record of an experiment. */
export interface ManifestDatabase {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** Folders in which SmartSim writes `stop.json` when the servers have ended, relative to the manifest's. */
  readonly statusFolders: readonly string[];
}

/** Of the newest runs; what ran before is over. */
const mostRuns = 20;
const mostEntities = 1000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The databases in a `manifest.json` as SmartSim 0.6 to 0.8 writes it (schema `entity manifest`), newest first: orchestrators,
 * and what was co-located with models by the local launcher. Undefined where the value is no such record; parts of it that
 * are not understood are left out.
 */
export function manifestDatabases(manifest: unknown): readonly ManifestDatabase[] | undefined {
  const { experiment, runs } = fieldsOf(manifest);
  if (!Array.isArray(runs)) return undefined;
  const { name, launcher } = fieldsOf(experiment);
  const isLocal = typeof launcher === 'string' && launcher.toLowerCase() === 'local';
  return runs
    .slice(-mostRuns)
    .reverse()
    .flatMap((run) => ofRun(fieldsOf(run), typeof name === 'string' ? name : '', isLocal));
}

function ofRun(run: Fields, experiment: string, isLocal: boolean): readonly ManifestDatabase[] {
  const place = [experiment, textOf(run['run_id'])];
  const databases = entitiesOf(run['orchestrator']).map((one) => ofOrchestrator(one, place));
  if (isLocal) {
    const models = entitiesOf(run['model']).map((model) => ({ model, folder: ['model'] }));
    const members = entitiesOf(run['ensemble']).flatMap((ensemble) =>
      entitiesOf(ensemble['models']).map((model) => ({
        model,
        folder: ['ensemble', textOf(ensemble['name'])],
      })),
    );
    for (const { model, folder } of [...models, ...members])
      databases.push(ofModel(model, [...place, ...folder]));
  }
  // A server on the loopback of a workload manager's node is not the one on ours.
  return databases.filter(
    ({ endpoints }) => endpoints.length > 0 && (isLocal || !endpoints.some(isLocalEndpoint)),
  );
}

function ofOrchestrator(orchestrator: Fields, place: readonly string[]): ManifestDatabase {
  const id = textOf(orchestrator['name']);
  const shards = entitiesOf(orchestrator['shards']);
  return {
    name: nameOf(place[0] ?? '', id === 'orchestrator' ? '' : id),
    endpoints: shards.flatMap(({ hostname, port }) => endpointsAt(`${textOf(hostname)}:${String(port)}`)),
    statusFolders: shards.flatMap(({ name }) => folderOf([...place, 'database', id, textOf(name)])),
  };
}

function ofModel(model: Fields, place: readonly string[]): ManifestDatabase {
  const { port, unix_socket: socket } = fieldsOf(fieldsOf(model['colocated_db'])['settings']);
  const name = textOf(model['name']);
  const address = typeof socket === 'string' ? `unix://${socket}` : `127.0.0.1:${String(port)}`;
  return {
    name: nameOf(place[0] ?? '', name),
    endpoints: socket === undefined && port === undefined ? [] : endpointsAt(address),
    statusFolders: folderOf([...place, name]),
  };
}

function nameOf(experiment: string, part: string): string {
  return shownName([experiment, part].filter((word) => word !== '').join('/'));
}

function endpointsAt(address: string): readonly Endpoint[] {
  const parsed = parseAddress(address);
  return parsed.ok ? parsed.value.endpoints : [];
}

/** Names from a file lead to no other place. */
function folderOf(names: readonly string[]): readonly string[] {
  const arePlain = names.every((name) => name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name));
  return arePlain ? [path.join(...names)] : [];
}

function entitiesOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.slice(0, mostEntities).map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
