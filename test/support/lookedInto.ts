import assert from 'node:assert/strict';
import { messageOf } from '../../src/core/base/problem';
import { Database } from '../../src/core/database/database';

/** A database of servers on loopback ports that a test has started. */
export async function lookedInto(
  ports: readonly number[],
  {
    user,
    secret,
    own = true,
  }: { readonly user?: string; readonly secret?: string; readonly own?: boolean } = {},
): Promise<Database> {
  const opened = await Database.open(
    {
      id: 'test',
      name: 'test',
      endpoints: ports.map((port) => ({ kind: 'tcp', host: '127.0.0.1', port })),
      own,
      ...(user === undefined ? {} : { user }),
    },
    { limitMs: 10_000, ...(secret === undefined ? {} : { secret }) },
  );
  assert.ok(opened.ok, opened.problems.map(messageOf).join());
  return opened.value;
}
