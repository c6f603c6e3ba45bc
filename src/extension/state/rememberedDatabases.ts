import type { DatabaseTarget } from '../../core/database/databaseTarget';
import type { Endpoint } from '../../core/redis/wire/endpoint';

/** Where the window keeps values from one session to the next; VS Code's `Memento`. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const memoryKey = 'smartsim.databases';
/** What was not used for longest goes first. */
const most = 100;

/** The databases that somebody has connected to by an address, the last first. They are kept without what proves their users. */
export class RememberedDatabases {
  /** What was made last, and of what. */
  private read: { readonly kept: unknown; readonly targets: readonly DatabaseTarget[] } | undefined;

  constructor(private readonly memory: Memory) {}

  get targets(): readonly DatabaseTarget[] {
    // Other windows write there too.
    const kept = this.memory.get(memoryKey);
    if (this.read === undefined || this.read.kept !== kept) this.read = { kept, targets: readTargets(kept) };
    return this.read.targets;
  }

  /** Gives those for which there is no room any more. */
  async add(target: DatabaseTarget): Promise<readonly DatabaseTarget[]> {
    const all = [target, ...this.targets.filter(({ id }) => id !== target.id)];
    await this.memory.update(memoryKey, all.slice(0, most));
    return all.slice(most);
  }

  async remove(id: string): Promise<void> {
    await this.memory.update(
      memoryKey,
      this.targets.filter((target) => target.id !== id),
    );
  }
}

/** Another version may have written them: what is not understood is left out. */
function readTargets(value: unknown): readonly DatabaseTarget[] {
  return Array.isArray(value) ? value.flatMap(readTarget) : [];
}

function readTarget(value: unknown): readonly DatabaseTarget[] {
  if (!isRecord(value)) return [];
  const { id, name, endpoints, hosts, user } = value;
  if (typeof id !== 'string' || typeof name !== 'string' || !Array.isArray(endpoints)) return [];
  const read = endpoints.flatMap(readEndpoint);
  if (read.length === 0 || read.length !== endpoints.length) return [];
  return [
    {
      ...{ id, name, endpoints: read, own: false },
      ...(Array.isArray(hosts) ? { hosts: hosts.filter(isText) } : {}),
      ...(isText(user) ? { user } : {}),
    },
  ];
}

function readEndpoint(value: unknown): readonly Endpoint[] {
  if (!isRecord(value)) return [];
  const { kind, path, host, port, tls } = value;
  if (kind === 'socket' && isText(path)) return [{ kind, path }];
  if (kind !== 'tcp' || !isText(host) || typeof port !== 'number') return [];
  const { ca, serverName } = isRecord(tls) ? tls : {};
  const checks = { ...(isText(ca) ? { ca } : {}), ...(isText(serverName) ? { serverName } : {}) };
  return [{ kind, host, port, ...(isRecord(tls) ? { tls: checks } : {}) }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
