/** What serves tensors in a server: RedisAI, or the engine that we bring. */
export type AiProvider = 'redisai' | 'builtin';

/** Where a module was looked for, in the order of search. */
export type AiOrigin = 'setting' | 'RAI_PATH' | 'smartsim' | 'built' | 'bundled';

/** A library that makes a server know tensors. */
export interface AiModule {
  readonly provider: AiProvider;
  readonly origin: AiOrigin;
  /** Absolute. */
  readonly path: string;
  /** As `0.1.0`; RedisAI tells its own only to the server that loads it. */
  readonly version?: string;
}

/** A place where a module could be, and what is there. */
export type AiCandidate =
  | { readonly kind: 'usable'; readonly module: AiModule }
  | {
      readonly kind: 'missing' | 'unreadable' | 'no-library' | 'other-machine';
      readonly provider: AiProvider;
      readonly origin: AiOrigin;
      readonly path: string;
    };
