import type { Command } from './command';
import { doctor } from './commands/doctor';
import { plan } from './commands/plan';
import { validate } from './commands/validate';

/** All commands, in the order of help. */
export const commands: readonly Command[] = [validate, plan, doctor];
