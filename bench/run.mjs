// Every measurement, one after another: `npm run bench`, or `npm run bench -- launch` for some of them.
// Goals are reported as met or missed and decide nothing; the exit code is 1 only if a measurement broke.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { endProcessGroup } from '../scripts/childProcesses.mjs';
import { nothingLeftBelow } from '../scripts/nothingLeft.mjs';
import { root } from './measure.mjs';

const all = ['launch', 'cluster', 'death', 'survive', 'activation', 'tensor', 'names', 'keys'];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all;
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0)
  throw new Error(`There is no measurement ${unknown.join(', ')}; there are ${all.join(', ')}.`);

// Below this lies all that the measurements make and start.
const temporary = mkdtempSync(path.join(os.tmpdir(), 'ssw-bench-'));
/** @type {import('node:child_process').ChildProcess | undefined} */
let running;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    if (running !== undefined) void endProcessGroup(running);
  });
}

const broken = [];
for (const name of wanted) {
  if (interrupted) break;
  running = spawn(process.execPath, [path.join(root, 'bench', `${name}.mjs`)], {
    stdio: 'inherit',
    // A group of its own, to be ended with everything that it started.
    detached: true,
    env: { ...process.env, TMPDIR: temporary },
  });
  const [status] = await once(running, 'exit');
  if (status !== 0) broken.push(name);
}
for (const name of broken) console.error(`The measurement ${name} broke.`);
// Supervisors and servers have groups of their own.
const { failed } = await nothingLeftBelow(temporary, interrupted ? 0 : undefined);
rmSync(temporary, { recursive: true, force: true });
process.exitCode = interrupted ? 130 : broken.length + failed === 0 ? 0 : 1;
