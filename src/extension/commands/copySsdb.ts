import * as vscode from 'vscode';
import { problem } from '../../core/base/problem';
import type { Run } from '../../core/run/run';
import { experimentLabel } from '../state/experimentLabel';
import { pick, type Choice } from '../ui/pickers';
import { subjectOf } from './target';
import { done, type Command, type Workbench } from './workbench';

/** Copies the value of `SSDB` of an orchestrator, or the address of a shard. */
export const copySsdb: Command = async (workbench, target) => {
  await workbench.runs.follow();
  const choices = addresses(workbench, target);
  if (choices.length === 0) return [problem('nothing-running')];
  const address = await pick(choices, workbench.wording.t('Copy the address of which orchestrator?'));
  if (address === undefined) return done;
  await vscode.env.clipboard.writeText(address);
  vscode.window.setStatusBarMessage(workbench.wording.t('Copied {text}', { text: address }), 3000);
  return done;
};

function addresses({ runs, keys }: Workbench, target: unknown): readonly Choice<string>[] {
  const subject = subjectOf(target);
  if (subject === undefined || subject.kind === 'group') {
    return runs.runs.filter((run) => run.live).flatMap((run) => ofRun(run));
  }
  if (subject.kind === 'database') {
    const known = keys.connections.byId(subject.id);
    if (known === undefined) return [];
    const { name } = known.target;
    return [{ label: name, value: known.addresses.join(',') }];
  }
  const run = subject.kind === 'experiment' ? runs.forFile(subject.file) : runs.byId(subject.runId);
  if (run === undefined) return [];
  if (subject.kind === 'shard') {
    return run.snapshot.orchestrators
      .flatMap(({ shards }) => shards)
      .filter(({ name }) => name === subject.name)
      .map(({ name, host, port }) => ({ label: name, value: `${host}:${port}` }));
  }
  return ofRun(run, subject.kind === 'orchestrator' ? subject.name : undefined);
}

function ofRun(run: Run, name?: string): readonly Choice<string>[] {
  return run.snapshot.orchestrators
    .filter(({ id }) => name === undefined || id === name)
    .map(({ id, ssdb }) => ({
      label: id,
      description: ssdb,
      detail: experimentLabel(run.record.file),
      value: ssdb,
    }));
}
