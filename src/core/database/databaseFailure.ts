import { problem, type Problem } from '../base/problem';
import type { ProblemCode } from '../base/problemCatalogue';
import { RedisFailure, RedisRefusal, UnexpectedReply } from '../redis/redisFailure';
import { WireFailure, type WireTrouble } from '../redis/wire/wireFailure';
import { plainWords } from './plainWords';

/** We did not ask, for a reason of our own. */
export class DatabaseFailure extends RedisFailure {
  constructor(
    readonly problem: Problem,
    message: string,
    /** Hosts that somebody must agree to first. */
    readonly hosts?: readonly string[],
  ) {
    super(message);
  }
}

const ofTrouble: Readonly<Record<WireTrouble, ProblemCode>> = {
  unreachable: 'database-unreachable',
  tls: 'database-tls-failed',
  unanswered: 'database-hung-up',
  closed: 'database-lost',
  silent: 'database-silent',
  broken: 'database-not-understood',
  'given-up': 'database-lost',
};

/** By the first word of what a server says. */
const ofRefusal: Readonly<Record<string, ProblemCode>> = {
  WRONGPASS: 'database-wrong-password',
  NOAUTH: 'database-needs-password',
  DENIED: 'database-protected',
  LOADING: 'database-loading',
  MASTERDOWN: 'database-primary-down',
  BUSY: 'database-busy',
  CLUSTERDOWN: 'database-cluster-down',
  NOPERM: 'database-right-missing',
  OOM: 'database-full',
};

/** What a failed question to a database means for a person. `name`: the database's. */
export function problemOfFailure(failure: RedisFailure, name: string): Problem {
  if (failure instanceof DatabaseFailure) return failure.problem;
  const reason = plainWords(failure.message);
  const code = codeOf(failure);
  if (code !== 'database-right-missing') return problem(code, { database: name, reason });
  return problem(code, { database: name, command: deniedCommand(failure) ?? reason });
}

/** The command that the server does not let us use, as its access list calls it: `type`, `cluster|slots`. */
export function deniedCommand({ message }: RedisFailure): string | undefined {
  if (!message.startsWith('NOPERM')) return undefined;
  return /run the '([\w.|-]+)' command/.exec(message)?.[1]?.toLowerCase();
}

function codeOf(failure: RedisFailure): ProblemCode {
  if (failure instanceof WireFailure) return ofTrouble[failure.trouble];
  if (failure instanceof UnexpectedReply) return 'database-reply-unexpected';
  if (!(failure instanceof RedisRefusal)) return 'database-refused';
  const { message } = failure;
  if (/invalid password|AUTH.* called without any password/i.test(message)) return 'database-wrong-password';
  if (/max number of clients/i.test(message)) return 'database-crowded';
  const [word = ''] = message.split(' ', 1);
  return Object.hasOwn(ofRefusal, word) ? (ofRefusal[word] ?? 'database-refused') : 'database-refused';
}

const hopeless: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  ...(['database-wrong-password', 'database-needs-password', 'database-tls-failed'] as const),
  ...(['database-protected', 'database-right-missing', 'database-hosts-unconfirmed'] as const),
]);

/** Whether another attempt would fail in the same way, until somebody changes something. */
export function isHopeless({ code }: Problem): boolean {
  return hopeless.has(code);
}

/** Exceptions that are none of a server's are bugs, and go on. */
export function asFailure(error: unknown): RedisFailure {
  if (error instanceof RedisFailure) return error;
  throw error;
}

export function ignoreFailure(error: unknown): void {
  asFailure(error);
}
