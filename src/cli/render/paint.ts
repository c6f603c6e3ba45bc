import type { Output } from '../command';
import type { Environment } from '../../core/base/userDirectories';

const codes = { good: 32, bad: 31, soso: 33, faint: 2 } as const;

export type Tone = keyof typeof codes;
export type Paint = (tone: Tone, text: string) => string;

/** Colours on a terminal, plain text in a pipe or where NO_COLOR asks for it. */
export function paintFor(output: Output, environment: Environment): Paint {
  const plain = !output.isTerminal || (environment['NO_COLOR'] ?? '') !== '';
  return (tone, text) => (plain ? text : `\u001b[${codes[tone]}m${text}\u001b[0m`);
}

/** How a status or a phase is to be taken. */
export function toneOf(state: string): Tone {
  if (['Running', 'Completed', 'ready'].includes(state)) return 'good';
  if (['Failed', 'NeverStarted', 'failed', 'lost', 'degraded'].includes(state)) return 'bad';
  if (['Cancelled', 'Paused', 'stopping', 'starting'].includes(state)) return 'soso';
  return 'faint';
}
