import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { assertGolden } from '../support/golden';
import { projectRoot } from '../support/projectRoot';
import { runCli } from '../support/runCli';
import { temporaryFolder } from '../support/temporaryFolder';

const fixtures = path.join(projectRoot, 'test/fixtures/cli');

describe('ssw plan', () => {
  const folder = temporaryFolder();

  beforeEach(() => {
    cpSync(fixtures, folder.path, { recursive: true });
  });

  /** What differs from machine to machine, by name. */
  function withoutMachine(text: string): string {
    return text
      .replaceAll(folder.path, '<folder>')
      .replaceAll(` on ${os.hostname()}\n`, ' on <host>\n')
      .replace(/: (redis|valkey) [\d.]+,/, ': <server>,')
      .replaceAll(/(?<=starts +)\S+(redis|valkey)-server/g, '<bin>/<server>')
      .replaceAll(/(?<=starts +)\S+(?=\/node )/g, '<bin>')
      .replaceAll(/(?<=127\.0\.0\.1:|port ")\d{5}/g, '<port>');
  }

  it('shows all that would happen, and does none of it', async () => {
    const before = readdirSync(folder.path);
    const { exitCode, out, err } = await runCli(['plan', 'quick.smartsim.yaml'], { directory: folder.path });
    assert.equal(exitCode, 0);
    assert.match(err, /^quick\.smartsim\.yaml:12:42 warning file-not-staged /);
    assertGolden(path.join(fixtures, 'plan.text.json'), withoutMachine(out).split('\n'));
    assert.deepEqual(readdirSync(folder.path), before);
  });

  it('gives the plan as JSON', async () => {
    const words = ['plan', '--json', 'quick.smartsim.yaml'];
    const { exitCode, out } = await runCli(words, { directory: folder.path });
    assert.equal(exitCode, 0);
    const { plan, problems } = JSON.parse(out) as {
      plan: { experiment: string; models: readonly { name: string }[] };
      problems: readonly { code: string }[];
    };
    assert.equal(plan.experiment, 'quick');
    assert.deepEqual(
      plan.models.map(({ name }) => name),
      ['producer', 'consumer'],
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['file-not-staged'],
    );
  });

  it('tells why there is no plan', async () => {
    const words = ['plan', '--json', 'missing.smartsim.yaml'];
    const { exitCode, out } = await runCli(words, { directory: folder.path });
    assert.equal(exitCode, 1);
    const told = JSON.parse(out) as { plan?: unknown; problems: readonly { code: string }[] };
    assert.equal(told.plan, undefined);
    assert.deepEqual(
      told.problems.map(({ code }) => code),
      ['executable-missing', 'staged-file-missing'],
    );
  });

  it('takes one file', async () => {
    assert.equal((await runCli(['plan'], { directory: folder.path })).exitCode, 2);
    assert.equal((await runCli(['plan', 'a', 'b'], { directory: folder.path })).exitCode, 2);
  });
});
