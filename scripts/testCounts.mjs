// What a run of tests comes to, as every runner hands it on.
import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * What a run reported. A run that ended badly without a failed test, or reported nothing, counts as one failure.
 * @param {string} report
 * @param {boolean} endedWell
 * @returns {Counts}
 */
export function countsFrom(report, endedWell) {
  /** @type {Counts} */
  let counts;
  try {
    counts = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    console.error('The tests ended without a report.');
    return { passed: 0, failed: 1, skipped: 0 };
  }
  if (counts.passed + counts.failed === 0) console.error('No test ran.');
  const unexplained = counts.failed === 0 && (!endedWell || counts.passed === 0);
  return { ...counts, failed: counts.failed + (unexplained ? 1 : 0) };
}

/**
 * @param {Counts} one
 * @param {Counts} other
 * @returns {Counts}
 */
export const sum = (one, other) => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
});

/**
 * Ends a runner: prints the line `N passed, N failed` (a skipped test is a failed one), leaves the counts where
 * TEST_REPORT says, and exits.
 * @param {Counts} counts
 * @returns {never}
 */
export function finish({ passed, failed, skipped }) {
  const report = process.env['TEST_REPORT'];
  if (report) writeFileSync(report, JSON.stringify({ passed, failed, skipped }));
  console.log(`${passed} passed, ${failed + skipped} failed`);
  process.exit(failed + skipped === 0 ? 0 : 1);
}
