import type { Endpoint } from '../redis/wire/endpoint';

/** A database that can be looked at: what it is called, and where it is. */
export interface DatabaseTarget {
  /** The same for the same database in every window. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Servers of which any one leads to all. */
  readonly endpoints: readonly Endpoint[];
  /** Further hosts that the cluster may lead us to: somebody has agreed to them. */
  readonly hosts?: readonly string[];
  /** A user of the server's access list; the default user otherwise. What proves it is kept elsewhere. */
  readonly user?: string;
  /** We started it. All others are looked at alone, until the user says otherwise. */
  readonly own: boolean;
}
