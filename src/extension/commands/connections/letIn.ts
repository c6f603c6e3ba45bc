import { readFile, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { problem, type Problem } from '../../../core/base/problem';
import { failure, success, type Result } from '../../../core/base/result';
import type { DatabaseTarget } from '../../../core/database/databaseTarget';
import type { TlsOptions } from '../../../core/redis/wire/endpoint';
import { messageText, remedyText } from '../../wording/problemWords';
import { withCancellableProgress } from '../../ui/progress';
import type { DatabaseCore } from '../../bridge/databaseCore';
import type { Wording } from '../../wording/wording';

/** A database that has let us in, and what proved our user. */
export interface LetIn {
  readonly target: DatabaseTarget;
  readonly secret?: string;
}

/** Bytes; bundles of all the world's authorities are smaller. */
const largestCertificate = 4 * 1024 ** 2;

interface Workplace {
  readonly core: DatabaseCore;
  readonly wording: Wording;
}
/** What is tried next; undefined: the user turned away. */
type Next = Result<LetIn> | undefined;

/**
 * Connects once to see whether a database lets us in, and asks for what it wants, one thing at a time: user and password, TLS,
 * the authority of its certificate, further hosts. Undefined: the user turned away.
 */
export async function letIn(attempt: LetIn, workplace: Workplace): Promise<Result<LetIn> | undefined> {
  let next: Next = success(attempt);
  if (attempt.target.user !== undefined && attempt.secret === undefined)
    next = await withPassword(attempt.target, workplace);
  while (next?.ok === true) {
    const { target, secret } = next.value;
    const { t } = workplace.wording;
    const title = t('Connecting to {database}', { database: target.name });
    const trial = await withCancellableProgress(title, async (_, signal) => {
      const outcome = await workplace.core.tryDatabase(target, secret, signal);
      return signal.aborted ? undefined : outcome;
    });
    if (trial === undefined) return undefined;
    if (trial.kind === 'answers') return next;
    next = await afterRefusal(next.value, trial.problems, trial.hosts, workplace);
  }
  return next;
}

async function afterRefusal(
  refused: LetIn,
  problems: readonly Problem[],
  hosts: readonly string[],
  workplace: Workplace,
): Promise<Next> {
  const [first] = problems;
  const speaksTls = refused.target.endpoints.some((endpoint) => endpoint.kind === 'tcp' && endpoint.tls);
  switch (first?.code) {
    case 'database-needs-password':
    case 'database-wrong-password':
      return withUser(refused, first, workplace);
    case 'database-hung-up':
      return speaksTls ? failure(...problems) : withTls(refused, workplace);
    case 'database-tls-failed':
      return hasAuthority(refused) ? failure(...problems) : withAuthority(refused, first, workplace);
    case 'database-hosts-unconfirmed':
      return hosts.length === 0 ? failure(...problems) : withHosts(refused, hosts, workplace);
    default:
      return failure(...problems);
  }
}

async function withUser(refused: LetIn, reason: Problem, workplace: Workplace): Promise<Next> {
  const {
    core: { addressTarget },
    wording: { t },
  } = workplace;
  const user = await vscode.window.showInputBox({
    title: t('User of {database}', { database: refused.target.name }),
    prompt: messageText(reason, t),
    placeHolder: t('Leave it empty for the default user'),
    value: refused.target.user ?? '',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[^\s\p{C}]{0,256}$/u.test(text) ? undefined : t('A name of a user has no blanks.'),
  });
  if (user === undefined) return undefined;
  const { target } = refused;
  const named = addressTarget({ endpoints: target.endpoints, ...(user === '' ? {} : { user }) }, target.name);
  const hosts = target.hosts === undefined ? {} : { hosts: target.hosts };
  return withPassword({ ...named, ...hosts }, workplace);
}

async function withPassword(target: DatabaseTarget, { wording: { t } }: Workplace): Promise<Next> {
  const secret = await vscode.window.showInputBox({
    title: t('Password for {database}', { database: target.name }),
    prompt: t('It is kept in the secret storage of the editor, and nowhere else.'),
    password: true,
    ignoreFocusOut: true,
  });
  return secret === undefined ? undefined : success({ target, ...(secret === '' ? {} : { secret }) });
}

async function withTls(refused: LetIn, workplace: Workplace): Promise<Next> {
  const { t } = workplace.wording;
  const yes = t('Connect with TLS');
  const answer = await vscode.window.showWarningMessage(
    t('{database} closed the connection without an answer. Perhaps it takes TLS alone.', {
      database: refused.target.name,
    }),
    { modal: true },
    yes,
  );
  return answer === yes ? success(overTls(refused, {}, workplace)) : undefined;
}

async function withAuthority(refused: LetIn, reason: Problem, workplace: Workplace): Promise<Next> {
  const { t } = workplace.wording;
  const yes = t('Choose CA Certificate');
  const answer = await vscode.window.showWarningMessage(
    messageText(reason, t),
    { modal: true, detail: remedyText(reason, t) ?? '' },
    yes,
  );
  if (answer !== yes) return undefined;
  const [file] = (await vscode.window.showOpenDialog({ title: yes, openLabel: yes })) ?? [];
  if (file === undefined) return undefined;
  const ca = await certificateIn(file.fsPath);
  return ca === undefined
    ? failure(problem('certificate-unreadable', { file: file.fsPath }))
    : success(overTls(refused, { ca }, workplace));
}

async function certificateIn(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).size > largestCertificate) return undefined;
    const text = await readFile(file, 'utf8');
    // A private key is kept by nobody.
    return text.includes('-----BEGIN CERTIFICATE-----') && !text.includes('PRIVATE KEY-----')
      ? text
      : undefined;
  } catch {
    return undefined;
  }
}

async function withHosts(
  refused: LetIn,
  hosts: readonly string[],
  { wording: { t } }: Workplace,
): Promise<Next> {
  const yes = t('Connect to Them');
  const answer = await vscode.window.showWarningMessage(
    t('The cluster {database} has servers on other hosts.', { database: refused.target.name }),
    {
      modal: true,
      detail: t('It leads to {hosts}. Agree if they belong to it.', { hosts: hosts.join(', ') }),
    },
    yes,
  );
  if (answer !== yes) return undefined;
  const { target } = refused;
  return success({ ...refused, target: { ...target, hosts: [...(target.hosts ?? []), ...hosts] } });
}

function hasAuthority({ target }: LetIn): boolean {
  return target.endpoints.some((endpoint) => endpoint.kind === 'tcp' && endpoint.tls?.ca !== undefined);
}

function overTls(refused: LetIn, tls: TlsOptions, { core: { addressTarget } }: Workplace): LetIn {
  const { target } = refused;
  const endpoints = target.endpoints.map((endpoint) =>
    endpoint.kind === 'tcp' ? { ...endpoint, tls: { ...endpoint.tls, ...tls } } : endpoint,
  );
  const { user } = target;
  const { id } = addressTarget({ endpoints, ...(user === undefined ? {} : { user }) });
  return { ...refused, target: { ...target, id, endpoints } };
}
