// Every measurement, one after another: `npm run bench`, or `npm run bench -- launch` for some of them.
// Goals are reported as met or missed and decide nothing; the exit code is 1 only if a measurement broke.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from './measure.mjs';

const all = ['launch', 'cluster', 'death', 'survive', 'activation', 'tensor'];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : all;
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0)
  throw new Error(`There is no measurement ${unknown.join(', ')}; there are ${all.join(', ')}.`);

const broken = wanted.filter((name) => {
  const { status } = spawnSync(process.execPath, [path.join(root, 'bench', `${name}.mjs`)], {
    stdio: 'inherit',
  });
  return status !== 0;
});
for (const name of broken) console.error(`The measurement ${name} broke.`);
process.exitCode = broken.length === 0 ? 0 : 1;
