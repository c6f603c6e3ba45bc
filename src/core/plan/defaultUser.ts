/**
 * What everybody who reaches a server of ours may do there, as words of its directive `user`
 * (docs/adr/0011-access-to-servers.md). The default user needs no password, since SmartRedis clients cannot log in.
 * It has all data; what governs the server itself is the supervisor's alone.
 *
 * Whole categories are taken and single commands given back, so that what a later version adds is denied until it is
 * named here. Each word is understood by Redis 6.2 and later alike: before 7.0 a container such as `config` has its
 * category as a whole and `+config|get` is the only way to a part of it; a name that a server does not know keeps it
 * from starting.
 */
export function defaultUser({ clientConfig, module }: Extensions): readonly string[] {
  return [
    ...everybody,
    ...(clientConfig ? ['+config|set'] : []),
    // A module names its commands itself; those of its settings load libraries, and SmartRedis needs one of them.
    ...(module === undefined ? [] : ['-ai.config', '+ai.config|get', '+ai.config|model_chunk_size']),
  ];
}

/** What differs from server to server. */
interface Extensions {
  /** Every client may change the configuration. */
  readonly clientConfig: boolean;
  /** What serves tensors, if anything does. */
  readonly module?: unknown;
}

const everybody: readonly string[] = [
  'default',
  'on',
  'nopass',
  '~*',
  'allchannels',
  '+@all',
  '-@admin',
  '-@dangerous',
  // Data, whatever it costs.
  ...['+keys', '+sort', '+flushdb', '+flushall', '+swapdb'],
  // SmartRedis saves by command; a snapshot lies in the shard's own directory.
  ...['+save', '+bgsave', '+lastsave'],
  // What a client asks about the server and about itself.
  ...['+info', '+role', '+config|get'],
  ...['+client|id', '+client|info', '+client|list', '+client|getname', '+client|setname', '+client|reply'],
  ...['+client|tracking', '+client|trackinginfo', '+client|caching', '+client|getredir'],
  ...['+cluster|slots', '+cluster|shards', '+cluster|nodes', '+cluster|info', '+cluster|links'],
  ...['+cluster|myid', '+cluster|keyslot', '+cluster|countkeysinslot', '+cluster|getkeysinslot'],
  ...['+cluster|replicas', '+cluster|slaves'],
  ...['+slowlog|get', '+slowlog|len', '+latency|latest', '+latency|history', '+latency|doctor'],
  // All of scripting but the debugger, which stops the server.
  ...['-script', '+script|load', '+script|exists', '+script|flush', '+script|kill'],
];
