// What a run of tests comes to, as every runner hands it on.
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * `told`: what is known of each failed test, for people.
 * @typedef {{ passed: number, failed: number, skipped: number, told: readonly string[] }} Counts
 */

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
    counts = { told: [], ...JSON.parse(readFileSync(report, 'utf8')) };
  } catch {
    return withFailure({ passed: 0, failed: 0, skipped: 0, told: [] }, 'The tests ended without a report.');
  }
  if (counts.failed > 0) return counts;
  if (counts.passed === 0) return withFailure(counts, 'No test ran.');
  return endedWell ? counts : withFailure(counts, 'The run ended badly, although no test failed.');
}

/**
 * @param {Counts} counts
 * @param {string} why
 * @returns {Counts}
 */
function withFailure(counts, why) {
  console.error(why);
  return { ...counts, failed: counts.failed + 1, told: [...counts.told, why] };
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
  told: [...one.told, ...other.told],
});

/**
 * Ends a runner: prints the line `N passed, N failed` (a skipped test is a failed one), leaves the counts where
 * TEST_REPORT says, and exits.
 * @param {Counts} counts
 * @returns {never}
 */
export function finish({ passed, failed, skipped, told }) {
  const report = process.env['TEST_REPORT'];
  if (report) writeFileSync(report, JSON.stringify({ passed, failed, skipped, told }));
  console.log(`${passed} passed, ${failed + skipped} failed`);
  process.exit(failed + skipped === 0 ? 0 : 1);
}
