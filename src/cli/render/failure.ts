import type { Problem } from '../../core/base/problem';
import type { CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { problemToJson, renderProblem } from './problems';

/** Tells why a command could do nothing. `json`: what its JSON has besides the problems. */
export function tellFailure(
  problems: readonly Problem[],
  { json: asJson, out, err, directory }: CommandContext,
  json: object = {},
): ExitCode {
  if (asJson) out.write(`${JSON.stringify({ ...json, problems: problems.map(problemToJson) })}\n`);
  else for (const found of problems) err.write(renderProblem(found, directory));
  return exitCode.failed;
}
