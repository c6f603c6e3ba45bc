import { messageOf, problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { AiCandidate, AiModule, AiOrigin, AiProvider } from './aiModule';

/**
 * The first of `candidates` that will do; undefined where none is there and none has to be. What the user named
 * (setting, RAI_PATH) is taken or refused, never passed over in silence.
 */
export function chooseAiModule(
  candidates: readonly AiCandidate[],
  wanted: 'auto' | AiProvider,
): Result<AiModule | undefined> {
  const objections: Problem[] = [];
  for (const candidate of candidates) {
    if (wanted !== 'auto' && providerOf(candidate) !== wanted) continue;
    if (candidate.kind === 'usable') return success(candidate.module);
    const objection = objectToAi(candidate);
    if (candidate.origin === 'setting' || candidate.origin === 'RAI_PATH') return failure(objection);
    objections.push(objection);
  }
  const evidence = objections.map(messageOf).join('\n');
  const more = evidence === '' ? {} : { evidence };
  switch (wanted) {
    case 'auto':
      return success(undefined, [problem('no-tensors', {}, more)]);
    case 'redisai':
      return failure(problem('no-redisai', {}, more));
    case 'builtin':
      return failure(problem('no-engine', {}, more));
  }
}

/** Why a module will not do. */
export function objectToAi(candidate: Exclude<AiCandidate, { readonly kind: 'usable' }>): Problem {
  const args = { path: candidate.path, origin: describeAiOrigin(candidate.origin) };
  switch (candidate.kind) {
    case 'missing':
      return problem('ai-module-missing', args);
    case 'unreadable':
      return problem('ai-module-unreadable', args);
    case 'no-library':
      return problem('ai-module-no-library', args);
    case 'other-machine':
      return problem('ai-module-other-machine', args);
  }
}

function providerOf(candidate: AiCandidate): AiProvider {
  return candidate.kind === 'usable' ? candidate.module.provider : candidate.provider;
}

/** Where a module was found, for people. */
export function describeAiOrigin(origin: AiOrigin): string {
  const words: Readonly<Record<AiOrigin, string>> = {
    setting: 'the setting smartsim.ai.redisaiPath',
    RAI_PATH: 'RAI_PATH',
    smartsim: "SmartSim's own installation",
    bundled: 'SmartSim Workbench',
    built: 'SmartSim Workbench, built on this machine',
  };
  return words[origin];
}
