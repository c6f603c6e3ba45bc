import type { Command } from './command';
import { adopt } from './commands/adopt';
import { doctor } from './commands/doctor';
import { down } from './commands/down';
import { keys } from './commands/keys';
import { logs } from './commands/logs';
import { plan } from './commands/plan';
import { prune } from './commands/prune';
import { repair } from './commands/repair';
import { restart } from './commands/restart';
import { status } from './commands/status';
import { tensor } from './commands/tensor';
import { up } from './commands/up';
import { validate } from './commands/validate';

/** All commands, in the order of help. */
export const commands: readonly Command[] = [
  validate,
  plan,
  up,
  status,
  logs,
  keys,
  tensor,
  restart,
  repair,
  adopt,
  down,
  prune,
  doctor,
];
