import { randomBytes } from 'node:crypto';

/** Sortable by time, and distinct for runs of the same second: `20261123T145109-3fa9`. */
export function newRunId(now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}-${randomBytes(2).toString('hex')}`;
}
