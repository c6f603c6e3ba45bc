// mocha's own report for people, and beside it the counts as JSON for the runner.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class SpecWithReport extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      writeFileSync(
        options.reporterOptions.report,
        JSON.stringify({ passed: passes, failed: failures, skipped: pending, told: this.failures.map(told) }),
      );
    });
  }
};

function told(/** @type {Mocha.Test} */ test) {
  return `${test.fullTitle()}\n${test.err?.stack ?? test.err}`;
}
