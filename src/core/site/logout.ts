import { access, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { problem, type Place, type Problem } from '../base/problem';
import { endsSessionsOf, parseLogindRules, type ConfigurationFile } from './logindRules';

/** Why what is started from here ends when its user logs out. */
export type LogoutEnd =
  /** The site ends what a session has started; `saidBy`: the file that says so. */
  | { readonly kind: 'with-session'; readonly saidBy: string; readonly lingers: boolean }
  /** It belongs to the user's own manager, which ends with the last session of the user. */
  | { readonly kind: 'with-last-session' };

export interface LogoutOptions {
  /** Where the file system of this machine begins. */
  readonly root?: string;
  readonly user?: string;
}

/**
 * What happens at logout to a process that is started from here; undefined: nothing. Looks at files only, and at
 * few where systemd does not run.
 */
export async function findLogoutEnd({ root = '/', user = userName() }: LogoutOptions = {}): Promise<
  LogoutEnd | undefined
> {
  const here = (name: string): string => path.join(root, name);
  if (!(await exists(here('run/systemd/system')))) return undefined;
  const group = controlGroupOf(await textOf(here('proc/self/cgroup')));
  const inSession = /\/session-[^/]+\.scope(\/|$)/.test(group);
  const inUserManager = /\/user@\d+\.service(\/|$)/.test(group);
  if (!inSession && !inUserManager) return undefined;
  const lingers = await exists(here(path.join('var/lib/systemd/linger', user)));
  if (!inSession) return lingers ? undefined : { kind: 'with-last-session' };
  const rules = parseLogindRules(await logindConfiguration(root));
  if (!endsSessionsOf(user, rules)) return undefined;
  return { kind: 'with-session', saidBy: rules.saidBy ?? 'logind.conf', lingers };
}

/** The same in the words of the catalogue, for what is launched on this machine. */
export function logoutProblem(end: LogoutEnd, place?: Place): Problem {
  const more = place === undefined ? {} : { place };
  if (end.kind === 'with-last-session') return problem('run-ends-with-last-session', {}, more);
  const code = end.lingers ? 'run-ends-with-session' : 'run-ends-with-session-and-user';
  return problem(code, { saidBy: end.saidBy }, more);
}

/** Of version 2, else of systemd's own hierarchy of version 1; empty: in none. */
export function controlGroupOf(text: string): string {
  const group = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const named = group(/^\d+:name=systemd:(.*)$/m);
  return named ?? group(/^0::(.*)$/m) ?? '';
}

/** Where configuration lies, in the order in which one file stands for another of the same name. */
const places = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib'];

/** The files in which the login manager reads its configuration, in its order, as systemd.conf(5) has it. */
async function logindConfiguration(root: string): Promise<readonly ConfigurationFile[]> {
  const main = places.map((place) => path.join(root, place, 'systemd/logind.conf'));
  const dropIns = new Map<string, string>();
  for (const place of places) {
    const folder = path.join(root, place, 'systemd/logind.conf.d');
    for (const name of await namesIn(folder))
      if (name.endsWith('.conf') && !dropIns.has(name)) dropIns.set(name, path.join(folder, name));
  }
  const ordered = [...dropIns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
  const first = await firstThere(main);
  const files = [...(first === undefined ? [] : [first]), ...ordered];
  return Promise.all(files.map(async (file) => ({ path: file, text: await textOf(file) })));
}

async function firstThere(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await exists(file)) return file;
  return undefined;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Empty where it cannot be read: then it says nothing. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container may know the number only.
    return String(process.getuid?.() ?? '');
  }
}
