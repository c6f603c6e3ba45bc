import type { HeavyCore } from './heavyCore';
import type { LazyCoreOptions } from './lazyCore';

/** The core's heavy parts, which lie in a file of their own: it is read at the first call (docs/adr/0005-two-files-for-the-extension.md). */
export function coreOnDemand(options: LazyCoreOptions): HeavyCore {
  let loaded: Promise<HeavyCore> | undefined;
  const core = (): Promise<HeavyCore> =>
    (loaded ??= import('./lazyCore').then(({ lazyCore }) => lazyCore(options)));
  return {
    parse: async (source) => (await core()).parse(source),
    check: async (source, signal) => (await core()).check(source, signal),
    start: async (plan, signal) => (await core()).start(plan, signal),
    untilLaunched: async (run, signal) => (await core()).untilLaunched(run, signal),
    runs: async () => (await core()).runs(),
    hasServer: async () => (await core()).hasServer(),
    installServer: async (log, signal) => (await core()).installServer(log, signal),
  };
}
