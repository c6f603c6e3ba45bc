import { messageOf, problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import {
  minimumVersion,
  type DatabaseServer,
  type ServerCandidate,
  type ServerEngine,
  type ServerOrigin,
} from './databaseServer';
import { isAtLeast } from './serverVersion';

/** Engines that can be launched, and what `auto` may choose. */
const launchable: readonly ServerEngine[] = ['redis', 'valkey'];

/**
 * The first of `candidates` that will do. What the user named (setting, REDIS_PATH) is taken or refused, never
 * passed over in silence; what was only found is passed over for something better.
 */
export function chooseServer(
  candidates: readonly ServerCandidate[],
  wanted: 'auto' | ServerEngine,
): Result<DatabaseServer> {
  const engines = wanted === 'auto' ? launchable : [wanted];
  const objections: Problem[] = [];
  for (const candidate of candidates) {
    const objection = objectTo(candidate, engines);
    if (objection === undefined && candidate.kind === 'usable') return success(candidate.server);
    if (objection === undefined) continue;
    if (isNamed(originOf(candidate))) return failure(objection);
    objections.push(objection);
  }
  const tooOld = objections.find(({ code }) => code === 'server-too-old');
  if (tooOld !== undefined) return failure(tooOld);
  const evidence = objections.map(messageOf).join('\n');
  const more = evidence === '' ? {} : { evidence };
  return failure(
    wanted === 'auto' ? problem('no-server', {}, more) : problem('no-server-of-engine', { wanted }, more),
  );
}

/** Why a server will not do; undefined if it will. */
export function objectTo(
  candidate: ServerCandidate,
  engines: readonly ServerEngine[] = launchable,
): Problem | undefined {
  const origin = describeOrigin(originOf(candidate));
  switch (candidate.kind) {
    case 'missing':
      return problem('server-missing', { path: candidate.path, origin });
    case 'directory':
    case 'not-executable':
      return problem('server-not-executable', { path: candidate.path, origin });
    case 'without-version': {
      const { path, evidence } = candidate;
      return problem('server-without-version', { path, origin }, evidence === '' ? {} : { evidence });
    }
    case 'usable': {
      const { path, engine, version } = candidate.server;
      if (!engines.includes(engine))
        return problem('server-of-other-engine', { path, origin, engine, wanted: engines.join(' or ') });
      if (!isAtLeast(version, minimumVersion))
        return problem('server-too-old', { path, origin, engine, version, minimum: minimumVersion });
      return undefined;
    }
  }
}

function originOf(candidate: ServerCandidate): ServerOrigin {
  return candidate.kind === 'usable' ? candidate.server.origin : candidate.origin;
}

function isNamed(origin: ServerOrigin): boolean {
  return origin === 'setting' || origin === 'REDIS_PATH';
}

/** Where a server was found, for people. */
export function describeOrigin(origin: ServerOrigin): string {
  const words: Readonly<Record<ServerOrigin, string>> = {
    setting: 'the setting smartsim.server.path',
    REDIS_PATH: 'REDIS_PATH',
    smartsim: "SmartSim's own installation",
    path: 'PATH',
    installed: 'the servers installed by SmartSim Workbench',
  };
  return words[origin];
}
