import type { RunEvent } from '../core/deployment/runEvents';

/**
 * How tests kill a supervisor at a chosen moment: `SSW_FAULT=TYPE:SIDE:N:MS` makes it wait for MS
 * milliseconds and kill itself right `before` or `after` it writes the Nth event of that type. Read
 * here alone, and handed on to no model.
 */
const [type, side, count = '1', milliseconds = '0'] = (process.env['SSW_FAULT'] ?? '').split(':');
Reflect.deleteProperty(process.env, 'SSW_FAULT');

let seen = 0;

export function faultPoint(event: RunEvent, now: 'before' | 'after'): void {
  if (event.type !== type || now !== side) return;
  seen += 1;
  if (seen < Number(count)) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(milliseconds));
  process.kill(process.pid, 'SIGKILL');
}
