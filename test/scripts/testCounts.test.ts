import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { countsFrom, sum } from '../../scripts/testCounts.mjs';
import { projectRoot } from '../support/projectRoot';

describe('the counts of a run of tests', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'counts-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function reported(text: string): string {
    const file = path.join(folder, 'report.json');
    writeFileSync(file, text);
    return file;
  }

  it('are those of the report', () => {
    const report = reported('{"passed": 5, "failed": 1, "skipped": 1, "told": ["why"]}');
    assert.deepEqual(countsFrom(report, false), { passed: 5, failed: 1, skipped: 1, told: ['why'] });
  });

  it('hold a failure when there is no report, or half of one', () => {
    const nothing = { passed: 0, failed: 1, skipped: 0, told: ['The tests ended without a report.'] };
    assert.deepEqual(countsFrom(path.join(folder, 'none'), true), nothing);
    assert.deepEqual(countsFrom(reported('{"passed": 5,'), true), nothing);
  });

  it('hold a failure when no test ran, or all passed and the run still ended badly', () => {
    const none = reported('{"passed": 0, "failed": 0, "skipped": 0}');
    assert.deepEqual(countsFrom(none, true), {
      ...{ passed: 0, failed: 1, skipped: 0 },
      told: ['No test ran.'],
    });
    const crashed = reported('{"passed": 5, "failed": 0, "skipped": 0}');
    assert.deepEqual(countsFrom(crashed, false), {
      ...{ passed: 5, failed: 1, skipped: 0 },
      told: ['The run ended badly, although no test failed.'],
    });
  });

  it('add up', () => {
    const one = { passed: 1, failed: 2, skipped: 3, told: ['a', 'b'] };
    assert.deepEqual(sum(one, { passed: 10, failed: 20, skipped: 30, told: ['c'] }), {
      ...{ passed: 11, failed: 22, skipped: 33 },
      told: ['a', 'b', 'c'],
    });
  });

  it('close the run with one line, in which a skipped test has failed', () => {
    const report = path.join(folder, 'handed-on.json');
    const module = pathToFileURL(path.join(projectRoot, 'scripts/testCounts.mjs')).href;
    const finish = (counts: object) =>
      spawnSync(
        process.execPath,
        [
          '--input-type=module',
          '-e',
          `import { finish } from '${module}'; finish(${JSON.stringify(counts)});`,
        ],
        { encoding: 'utf8', env: { ...process.env, TEST_REPORT: report } },
      );
    const skipped = finish({ passed: 3, failed: 0, skipped: 1, told: [] });
    assert.equal(skipped.stdout, '3 passed, 1 failed\n');
    assert.equal(skipped.status, 1);
    assert.deepEqual(JSON.parse(readFileSync(report, 'utf8')), {
      ...{ passed: 3, failed: 0, skipped: 1 },
      told: [],
    });
    assert.equal(finish({ passed: 3, failed: 0, skipped: 0, told: [] }).status, 0);
  });
});
