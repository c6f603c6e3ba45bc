import type { Problem } from '../base/problem';
import { probeSite, type SiteOptions } from '../site/site';
import type { ExperimentDocument } from '../spec/experimentDocument';
import type { ExperimentSpec } from '../spec/experimentSpec';
import { locate } from '../spec/locate';
import { parseExperiment } from '../spec/parseExperiment';
import { sortAndCap } from '../spec/sortAndCap';
import { validateExperiment } from '../spec/validateExperiment';
import type { DeploymentPlan } from './deploymentPlan';
import { planDeployment } from './planDeployment';
import { questionsOf } from './questionsOf';

export interface CheckOptions {
  /** Absent: this machine is not looked at, and there is no plan. */
  readonly site?: SiteOptions;
  readonly runId: string;
  readonly signal?: AbortSignal;
}

/** What became of an experiment file, as far as it could be followed. */
export interface CheckedExperiment {
  readonly document: ExperimentDocument;
  /** Absent where the file itself has errors. */
  readonly spec?: ExperimentSpec;
  /** Absent where it cannot be launched here, or the machine was not looked at. */
  readonly plan?: DeploymentPlan;
  /** Of the file and of this machine, in the order of the text; each has its range. */
  readonly problems: readonly Problem[];
}

/**
 * The whole way from text to plan. The editor and every command take this one, so that they always say the same.
 * Rejects with the signal's reason when aborted.
 *
 * @param source `file` is absolute; `text` may be unsaved.
 */
export async function checkExperiment(
  source: { readonly file: string; readonly text: string },
  { site: options, runId, signal }: CheckOptions,
): Promise<CheckedExperiment> {
  const document = parseExperiment(source);
  const checked = validateExperiment(document);
  if (!checked.ok) return { document, problems: checked.problems };
  const spec = checked.value;
  if (options === undefined) return { document, spec, problems: checked.problems };
  const site = await probeSite(questionsOf(spec), options, signal);
  const planned = planDeployment(spec, site, runId);
  return {
    document,
    spec,
    ...(planned.ok ? { plan: planned.value } : {}),
    problems: sortAndCap([
      ...checked.problems,
      ...planned.problems.map((found) => locateProblem(document, found)),
    ]),
  };
}

function locateProblem(document: ExperimentDocument, found: Problem): Problem {
  const range = locate(document, found.place?.path ?? []);
  return { ...found, place: { file: document.file, ...found.place, range } };
}
