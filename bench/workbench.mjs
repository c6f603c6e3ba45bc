// The product as the measurements use it: the built `ssw` in directories of its own, so that no run of the user's is
// touched, and nothing is left at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { leftovers } from '../test/oracle/leftovers.mjs';
import { root } from './measure.mjs';

const program = path.join(root, 'dist/ssw.js');

export class Workbench {
  directory = mkdtempSync(path.join(os.tmpdir(), 'ssw-bench-'));
  environment;

  constructor() {
    if (!existsSync(program)) throw new Error('dist/ssw.js is missing: run `npm run build` first.');
    const directories = Object.fromEntries(
      ['STATE_HOME', 'DATA_HOME', 'RUNTIME_DIR'].map((name) => [
        `XDG_${name}`,
        path.join(this.directory, name),
      ]),
    );
    for (const directory of Object.values(directories)) mkdirSync(directory, { mode: 0o700 });
    this.environment = { ...process.env, ...directories };
  }

  /** Writes an experiment file; returns its path. */
  experiment(name, text) {
    const file = path.join(this.directory, `${name}.smartsim.yaml`);
    writeFileSync(file, text);
    return file;
  }

  /** Runs `ssw … --json`; gives what it printed and how long it took in all. */
  async ssw(...words) {
    const begin = performance.now();
    const child = spawn(process.execPath, [program, ...words, '--json'], {
      cwd: this.directory,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) child[stream].on('data', (chunk) => (texts[stream] += chunk));
    let exitedAt = NaN;
    child.once('exit', () => (exitedAt = performance.now()));
    const [code] = await once(child, 'close');
    if (code !== 0)
      throw new Error(`ssw ${words.join(' ')} ended with ${code}:\n${texts.stderr}${texts.stdout}`);
    return { result: JSON.parse(texts.stdout), wallMs: exitedAt - begin };
  }

  /** Events of a run, in order, as its journal has them. */
  journal(file, experiment, id) {
    const directory = path.join(path.dirname(file), experiment, '.smartsim/workbench', id);
    const name = readdirSync(directory).find((entry) => entry.startsWith('journal'));
    return (
      readFileSync(path.join(directory, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        // A checksum stands before each record.
        .map((line) => JSON.parse(line.slice(line.indexOf('{'))))
    );
  }

  /** Proves that nothing is left and removes the directories. */
  close() {
    const { clean, processes } = leftovers({ below: [this.directory] });
    for (const { pid, argv } of processes) console.error(`left behind: ${pid} ${argv.join(' ')}`);
    rmSync(this.directory, { recursive: true, force: true });
    if (!clean) throw new Error('The measurement left processes behind.');
  }
}
