/** Where a server was looked for, in the order of search. */
export type ServerOrigin = 'setting' | 'REDIS_PATH' | 'smartsim' | 'path' | 'installed';

export type ServerEngine = 'redis' | 'valkey' | 'keydb';

/** A server program that runs on this machine. */
export interface DatabaseServer {
  readonly origin: ServerOrigin;
  /** Absolute. */
  readonly path: string;
  readonly engine: ServerEngine;
  /** As `7.0.15`. */
  readonly version: string;
  /** Folder of shared libraries that the system lacks: put before LD_LIBRARY_PATH for this program only. */
  readonly libraryFolder?: string;
}

/** A place where a server could be, and what is there. */
export type ServerCandidate =
  | { readonly kind: 'usable'; readonly server: DatabaseServer }
  | {
      readonly kind: 'missing' | 'directory' | 'not-executable';
      readonly origin: ServerOrigin;
      readonly path: string;
    }
  /** It did not tell a version that we know how to read. */
  | {
      readonly kind: 'without-version';
      readonly origin: ServerOrigin;
      readonly path: string;
      readonly evidence: string;
    };

/** Redis 6.2: the first with all that the servers' configuration and the clients ask for. */
export const minimumVersion = '6.2';

/** Names of server programs, as packages install them. */
export const serverPrograms = ['redis-server', 'valkey-server'] as const;
