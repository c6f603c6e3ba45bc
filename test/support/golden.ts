import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

/** Compares with a file of expected JSON; with UPDATE_GOLDEN set, writes it instead, to be read before it is committed. */
export function assertGolden(file: string, actual: unknown): void {
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, `${JSON.stringify(actual, null, 2)}\n`);
  assert.deepEqual(actual, JSON.parse(readFileSync(file, 'utf8')));
}
