import type { LogOutputChannel } from 'vscode';
import { reportFault, reportProblems } from '../ui/report';
import type { Command, Workbench } from './workbench';

/**
 * The one place of the window's commands that catches everything. What a user can cause comes back
 * as problems; what is thrown is a bug of ours.
 */
export async function runCommand(
  id: string,
  command: Command,
  workbench: Workbench,
  target: unknown,
  selected?: unknown,
): Promise<void> {
  try {
    reportProblems(await command(workbench, target, selected), workbench);
  } catch (error) {
    faultOf(id, error, workbench.log);
  }
}

function faultOf(id: string, error: unknown, log: LogOutputChannel): void {
  log.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  reportFault(log);
}
