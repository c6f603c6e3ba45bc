import { readdir, readFile, readlink } from 'node:fs/promises';
import type { ListeningSocket } from './listeningSockets';

/** Who listens on a port, as far as this user may know. */
export interface PortHolder {
  /** Login name, or the number where it has no local name. */
  readonly user?: string;
  /** Absent where the process belongs to somebody else. */
  readonly process?: {
    readonly pid: number;
    readonly name: string;
    readonly commandLine: string;
    /** Working directory. */
    readonly directory: string;
    /** Run that it belongs to, from its marker in the environment. */
    readonly runId?: string;
  };
}

/** Finds the holder of a socket by its inode, through `/proc`. */
export async function findPortHolder(socket: ListeningSocket): Promise<PortHolder> {
  const [user, pid] = await Promise.all([userName(socket.userId), findProcess(socket.inode)]);
  if (pid === undefined) return { user };
  const from = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  const [name, commandLine, environment, directory] = await Promise.all([
    from('comm'),
    from('cmdline'),
    from('environ'),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ]);
  const marker = environment.split('\0').find((entry) => entry.startsWith('SSW_RUN_ID='));
  return {
    user,
    process: {
      pid,
      name: name.trim(),
      commandLine: commandLine.split('\0').join(' ').trim(),
      directory,
      ...(marker === undefined ? {} : { runId: marker.slice('SSW_RUN_ID='.length) }),
    },
  };
}

/** The lowest process that has the socket open: the parent, where children inherited it. */
async function findProcess(inode: string): Promise<number | undefined> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  for (const pid of pids.sort((a, b) => a - b)) {
    // Not readable: another user's.
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (target === `socket:[${inode}]`) return pid;
    }
  }
  return undefined;
}

async function userName(userId: number): Promise<string> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const account = accounts.split('\n').find((row) => row.split(':')[2] === String(userId));
  return account?.split(':')[0] ?? String(userId);
}
