import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/**
 * The entry point of the tests in the extension host: VS Code, on a desktop and as a server alike, loads this file and calls `run`.
 * A rejected promise is a failed run.
 *
 * The runner may ask, by the environment, for the report as a file (TEST_REPORT) and for mocha's output in one (TEST_LOG): a host's console
 * arrives mixed with the editor's own log.
 */
export async function run(): Promise<void> {
  const { TEST_GREP: grep, TEST_LOG: log, TEST_REPORT: report } = process.env;
  const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, color: false, ...(grep ? { grep } : {}) });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith('.test.js')) mocha.addFile(path.join(__dirname, file));
  }
  if (log) {
    Mocha.reporters.Base.consoleLog = (...line: unknown[]) => {
      appendFileSync(log, `${format(...line)}\n`);
    };
  }
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const told: string[] = [];
    runner.on('fail', (test, error: unknown) => {
      told.push(`${test.fullTitle()}\n${error instanceof Error ? error.stack : String(error)}`);
    });
    runner.once('end', () => {
      if (!report || !runner.stats) return;
      const { passes, failures, pending } = runner.stats;
      writeFileSync(report, JSON.stringify({ passed: passes, failed: failures, skipped: pending, told }));
    });
  });
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}
