import type { Problem } from '../../core/base/problem';
import type { RunStatus } from '../../core/deployment/toRunStatus';
import type { CommandContext } from '../command';
import { paintFor } from './paint';
import { problemToJson, renderProblem } from './problems';
import { renderRunStatus } from './runStatus';

/** Tells how runs are after something was done to them, and what hindered it. */
export function tellRuns(
  statuses: readonly RunStatus[],
  problems: readonly Problem[],
  { json, out, err, environment, directory }: CommandContext,
): void {
  if (json) {
    out.write(`${JSON.stringify({ runs: statuses, problems: problems.map(problemToJson) })}\n`);
    return;
  }
  for (const found of statuses) out.write(renderRunStatus(found, paintFor(out, environment)));
  for (const found of problems) err.write(renderProblem(found, directory));
}
