import { endpointText, type Endpoint } from '../../redis/wire/endpoint';
import type { DatabaseTarget } from '../databaseTarget';
import { addressText, type DatabaseAddress } from './databaseAddress';

/** A database that we did not start. `name`: what people call it; its address otherwise. */
export function addressTarget({ endpoints, user }: DatabaseAddress, name?: string): DatabaseTarget {
  const identity = user === undefined ? {} : { user };
  const sorted = [...endpoints].sort((a, b) => (endpointText(a) < endpointText(b) ? -1 : 1));
  return {
    id: `at:${addressText({ endpoints: sorted, ...identity })}`,
    name: name ?? shortName(endpoints),
    endpoints,
    ...identity,
    own: false,
  };
}

function shortName(endpoints: readonly Endpoint[]): string {
  const [first, ...others] = endpoints.map(endpointText);
  return others.length === 0 ? (first ?? '') : `${first} +${others.length}`;
}
