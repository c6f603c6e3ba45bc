import type { Environment } from '../../base/userDirectories';
import type { InstalledServer } from '../installedServers';
import type { InstallTools } from './installTools';

/** One way to get a database server without being root. */
export interface InstallMethod {
  /** For people. */
  readonly name: string;
  /** Whether it makes sense on this machine at all. */
  applies(environment: Environment): Promise<boolean>;
  /** Fills the empty `folder`; what it leaves there besides the record's files is kept too. */
  install(folder: string, tools: InstallTools): Promise<InstallOutcome>;
}

export type InstallOutcome =
  | { readonly ok: true; readonly server: Omit<InstalledServer, 'version'> }
  | { readonly ok: false; readonly reason: string };
