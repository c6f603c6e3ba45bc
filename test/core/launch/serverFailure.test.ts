import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import { classifyServerFailure } from '../../../src/core/launch/serverFailure';
import { clusterShards } from '../../support/clusterViews';
import { planOf } from '../../support/planOf';
import { projectRoot } from '../../support/projectRoot';

const end = { returnCode: 1, signal: null, forMemory: false };
const file = '/somewhere/lattice.smartsim.yaml';

/** What a real server (7.0.15) printed. */
function output(name: string): string {
  return readFileSync(path.join(projectRoot, 'test/fixtures/servers', `${name}.txt`), 'utf8');
}

function classify(name: string, line?: number): ReturnType<typeof classifyServerFailure> {
  const [orchestrator] = planOf({ directory: '/somewhere', port: 6399 }).orchestrators;
  const shard = orchestrator!.shards[0]!;
  const at = ['orchestrator', 'conf', 'theirs'];
  const configuration = { ...shard.configuration, lines: line === undefined ? [] : [{ line, at }] };
  return classifyServerFailure({ ...shard, configuration }, file, end, output(name));
}

describe('classifyServerFailure', () => {
  it('knows a port that is taken', () => {
    const found = classify('port-taken');
    assert.equal(found.code, 'server-port-taken');
    assert.equal(found.args['address'], '127.0.0.1:6399');
    assert.deepEqual(found.place, { file, path: ['orchestrator'] });
  });

  it('knows a bus port that is taken, and what it is for', () => {
    const [shard] = clusterShards(1);
    const found = classifyServerFailure(shard!, file, end, output('bus-port-taken'));
    assert.equal(found.code, 'bus-port-taken');
    assert.deepEqual(found.args, { shard: 'db_0', port: 7000, busPort: 17_000, address: '127.0.0.1' });
    assert.match(messageOf(found), /on port 7000 also needs the port 17000/);
    assert.match(found.evidence ?? '', /Failed listening on port 17000 \(cluster\)/);
  });

  it('knows an address that this machine does not have', () => {
    assert.equal(classify('address-missing').code, 'server-address-missing');
  });

  it('leads a refused directive of the user to its place in the experiment file', () => {
    const found = classify('bad-directive', 3);
    assert.equal(found.code, 'server-refused-directive');
    assert.deepEqual(found.place, { file, path: ['orchestrator', 'conf', 'theirs'] });
    assert.equal(
      messageOf(found),
      'The server refused the directive no-such-directive "yes" of shard orchestrator_0: Bad directive or wrong number of arguments.',
    );
  });

  it('gives the reason for a refused argument', () => {
    assert.match(
      messageOf(classify('bad-argument', 3)),
      /maxclients "many".*couldn't be parsed into an integer/,
    );
  });

  it('does not blame the user for a line that is not his', () => {
    const found = classify('bad-port', 7);
    assert.equal(found.code, 'server-refused-configuration');
    assert.deepEqual(found.place, { file, path: ['orchestrator'] });
  });

  it('tells what a module says of a server or of its arguments, at `ai`', () => {
    const found = classify('module-argument');
    assert.equal(found.args['reason'], 'ERR error processing argument: NONSENSE 1');
    assert.deepEqual(found.place?.path, ['orchestrator', 'ai']);
  });

  it('knows a directory, a module and a configuration that are missing', () => {
    assert.equal(classify('dir-missing').code, 'server-directory-refused');
    assert.equal(classify('module-missing').code, 'server-module-failed');
    assert.equal(
      messageOf(classify('module-missing')),
      'Shard orchestrator_0 could not load the module /nosuch.so: cannot open shared object file: No such file or directory.',
    );
    assert.equal(classify('config-missing').code, 'server-configuration-unreadable');
  });

  it('shows the last lines of anything else', () => {
    const shard = planOf({ directory: '/somewhere', port: 6399 }).orchestrators[0]!.shards[0]!;
    const found = classifyServerFailure(
      shard,
      file,
      { returnCode: null, signal: 'SIGSEGV', forMemory: false },
      'it hurts',
    );
    assert.equal(found.code, 'server-died-at-start');
    assert.equal(found.evidence, 'it hurts');
    assert.match(messageOf(found), /killed by SIGSEGV/);
  });
});
