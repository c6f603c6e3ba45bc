import { readdirSync, readFileSync } from 'node:fs';

/** Numbers of the living processes that carry the marker of a run. Reads `/proc` by itself, on purpose. */
export function leftoversOf(runId: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => {
      try {
        // The environment of a zombie reads as empty.
        return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0SSW_RUN_ID=${runId}\0`);
      } catch {
        return false;
      }
    })
    .map(Number);
}
