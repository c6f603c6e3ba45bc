import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  identify,
  parseProcessStat,
  readProcessStat,
  signalProcess,
  stateOfProcess,
} from '../../../src/core/launch/processIdentity';

const rest =
  '1 4242 4200 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 200 18446744073709551615 1 1 0 0';

describe('parseProcessStat', () => {
  it('reads state, group, session and start time', () => {
    assert.deepEqual(parseProcessStat(`4242 (node) S ${rest}`), {
      state: 'S',
      group: 4242,
      session: 4200,
      startTime: '987654',
    });
  });

  for (const name of ['a b', 'a) R 1 2 3', '((', '))', ') Z 0 0 0 0', 'tab\there', '']) {
    it(`is not misled by a program named ${JSON.stringify(name)}`, () => {
      const found = parseProcessStat(`4242 (${name}) D ${rest}`);
      assert.equal(found?.startTime, '987654');
      assert.equal(found.state, 'D');
    });
  }

  for (const text of ['', '4242', '4242 (node', '4242 (node)', '4242 (node) S 1 2']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseProcessStat(text), undefined);
    });
  }
});

describe('the identity of a process', () => {
  it('is that of one living process, which alone is signalled', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const identity = identify(child.pid!)!;
    assert.equal(stateOfProcess(identity), 'alive');
    const stranger = { ...identity, startTime: String(Number(identity.startTime) + 1) };
    assert.equal(stateOfProcess(stranger), 'gone');
    assert.equal(signalProcess(stranger, 'SIGKILL'), false);
    assert.equal(stateOfProcess(identity), 'alive');
    assert.equal(signalProcess(identity, 'SIGKILL'), true);
    await once(child, 'exit');
    assert.equal(stateOfProcess(identity), 'gone');
  });

  it('tells another boot of this host from another host', () => {
    const self = identify(process.pid)!;
    assert.equal(stateOfProcess({ ...self, bootId: 'earlier' }), 'gone');
    assert.equal(stateOfProcess({ ...self, bootId: 'other', hostId: 'other' }), 'elsewhere');
    assert.equal(stateOfProcess({ ...self, pidNamespace: '1' }), 'elsewhere');
  });

  it('counts a zombie as gone', async () => {
    // `sleep` takes the place of the shell and never waits for its child, which so stays a zombie.
    const parent = spawn('/bin/sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const zombie = Number(line.toString());
      const program = (): string => readFileSync(`/proc/${parent.pid!}/comm`, 'utf8').trim();
      while (program() !== 'sleep') await new Promise((resolve) => setImmediate(resolve));
      process.kill(zombie, 'SIGKILL');
      while (readProcessStat(zombie)?.state !== 'Z') await new Promise((resolve) => setImmediate(resolve));
      assert.equal(stateOfProcess(identify(zombie)!), 'gone');
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });
});
