import type { Problem } from '../../base/problem';
import { Database } from '../database';
import type { DatabaseTarget } from '../databaseTarget';

/** Whether a database lets us in. */
export type DatabaseTrial =
  | { readonly kind: 'answers' }
  | {
      readonly kind: 'refuses';
      readonly problems: readonly Problem[];
      /**
       * Hosts, without ports, that its cluster leads to and that somebody must agree to first. None where only ports of hosts that
       * are known already are in question: agreeing once more would change nothing.
       */
      readonly hosts: readonly string[];
    };

/** Milliseconds without an answer. */
const answerLimit = 10_000;

/** Connects once, and lets go at once. */
export async function tryDatabase(
  target: DatabaseTarget,
  secret: string | undefined,
  signal: AbortSignal,
): Promise<DatabaseTrial> {
  const database = new Database(target, {
    limitMs: answerLimit,
    signal,
    ...(secret === undefined ? {} : { secret }),
  });
  try {
    const connected = await database.connect();
    if (connected.ok) return { kind: 'answers' };
    const { state } = database;
    const endpoints = state.kind === 'refused' ? (state.hosts ?? []) : [];
    const hosts = new Set(endpoints.map(hostOf));
    for (const known of knownHosts(target)) hosts.delete(known);
    return { kind: 'refuses', problems: connected.problems, hosts: [...hosts] };
  } finally {
    database.dispose();
  }
}

/** `::1` of `[::1]:6379`. */
function hostOf(endpoint: string): string {
  return endpoint.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

function knownHosts({ endpoints, hosts = [] }: DatabaseTarget): readonly string[] {
  return [...hosts, ...endpoints.flatMap((endpoint) => (endpoint.kind === 'tcp' ? [endpoint.host] : []))];
}
