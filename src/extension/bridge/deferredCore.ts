import type { HeavyCore } from './heavyCore';

/** A core that is not there yet: the first call loads it, all later ones use it. */
export function deferredCore(load: () => Promise<HeavyCore>): HeavyCore {
  let loading: Promise<HeavyCore> | undefined;
  const core = (): Promise<HeavyCore> => (loading ??= load());
  return {
    parse: async (...args) => (await core()).parse(...args),
    check: async (...args) => (await core()).check(...args),
    start: async (...args) => (await core()).start(...args),
    untilLaunched: async (...args) => (await core()).untilLaunched(...args),
    adopt: async (...args) => (await core()).adopt(...args),
    runs: async () => (await core()).runs(),
    toldOnce: async (...args) => (await core()).toldOnce(...args),
    hasServer: async () => (await core()).hasServer(),
    databases: async () => (await core()).databases(),
    installServer: async (...args) => (await core()).installServer(...args),
    buildEngine: async (...args) => (await core()).buildEngine(...args),
    keys: async () => (await core()).keys(),
  };
}
