import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes into a folder what SmartSim records of an experiment `coupled` with one orchestrator of one shard on loopback. */
export function writeManifest(folder: string, port: number): void {
  const shard = { name: 'orchestrator_0', hostname: '127.0.0.1', port, cluster: false };
  const run = { run_id: '1a2b3c4', model: [], orchestrator: [{ name: 'orchestrator', shards: [shard] }] };
  const file = path.join(folder, 'coupled/.smartsim/telemetry/manifest.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const experiment = { name: 'coupled', launcher: 'Local' };
  writeFileSync(file, JSON.stringify({ experiment, runs: [run] }, undefined, 2));
}
