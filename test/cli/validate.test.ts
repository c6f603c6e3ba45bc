import assert from 'node:assert/strict';
import path from 'node:path';
import { assertGolden } from '../support/golden';
import { projectRoot } from '../support/projectRoot';
import { runCli } from '../support/runCli';

const directory = path.join(projectRoot, 'test/fixtures/cli');

/** The checkout lies elsewhere on every machine. */
function withoutRoot(text: string): string {
  return text.replaceAll(directory, '<fixtures>');
}

describe('ssw validate', () => {
  const all = ['quick.smartsim.yaml', 'wrong.smartsim.yaml', 'missing.smartsim.yaml', 'none.yaml', '.'];

  it('tells the problems of several files as JSON', async () => {
    const { exitCode, out, err } = await runCli(['validate', '--json', ...all], { directory });
    assert.equal(exitCode, 1);
    assert.equal(err, '');
    assertGolden(path.join(directory, 'validate.json'), JSON.parse(withoutRoot(out)));
  });

  it('tells the same to people', async () => {
    const { exitCode, out, err } = await runCli(['validate', ...all], { directory });
    assert.equal(exitCode, 1);
    assert.equal(err, '');
    assertGolden(path.join(directory, 'validate.text.json'), withoutRoot(out).split('\n'));
  });

  it('does not look at this machine when told so', async () => {
    const words = ['validate', '--offline', 'missing.smartsim.yaml'];
    assert.deepEqual(await runCli(words, { directory }), {
      exitCode: 0,
      out: 'No problems in 1 file.\n',
      err: '',
    });
  });

  it('ends with 0 where there are only warnings', async () => {
    const { exitCode, out } = await runCli(['validate', 'quick.smartsim.yaml'], { directory });
    assert.match(out, /warning file-not-staged/);
    assert.equal(exitCode, 0);
  });

  it('asks for a file', async () => {
    const { exitCode, err } = await runCli(['validate'], { directory });
    assert.equal(exitCode, 2);
    assert.match(err, /usage: ssw validate FILE/);
  });
});
