// Copies of the checkout's example folders, for runs that must not leave their traces in the checkout.
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Copies a workspace without what earlier runs have left in it: the folders of their experiments.
 * @param {string} from
 * @param {string} to
 */
export function copyWorkspace(from, to) {
  cpSync(from, to, { recursive: true, filter: (source) => !existsSync(path.join(source, '.smartsim')) });
}
