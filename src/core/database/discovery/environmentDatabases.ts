import { messageOf, problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import type { Environment } from '../../base/userDirectories';
import { addressTarget } from './addressTarget';
import { parseAddress } from './databaseAddress';
import type { FoundDatabase } from './foundDatabase';

/** The databases that SmartRedis' variables name: `SSDB`, and `SSDB_` with the identifier of a further one. */
export function environmentDatabases(environment: Environment): Result<readonly FoundDatabase[]> {
  const outcomes = Object.entries(environment)
    .filter(([name, value]) => /^SSDB(?:_.+)?$/.test(name) && value !== undefined && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([variable, value = '']) => ofVariable(variable, value, environment));
  return success(
    outcomes.flatMap((outcome) => (outcome.ok ? outcome.value : [])),
    outcomes.flatMap(({ problems }) => problems),
  );
}

function ofVariable(
  variable: string,
  value: string,
  environment: Environment,
): Result<readonly FoundDatabase[]> {
  const address = parseAddress(value);
  if (!address.ok) {
    const evidence = address.problems.map(messageOf).join(' ');
    return failure(problem('environment-address-malformed', { variable }, { evidence }));
  }
  const { endpoints, user } = address.value;
  const identity = user === undefined ? {} : { user };
  // SmartRedis takes what is not called standalone for the servers of one cluster.
  const type = environment[variable.replace('SSDB', 'SR_DB_TYPE')] ?? '';
  const isCluster = type === '' || type.toLowerCase() === 'clustered';
  const databases = isCluster ? [endpoints] : endpoints.map((endpoint) => [endpoint]);
  return success(
    databases.map((servers) => ({
      target: addressTarget(
        { endpoints: servers, ...identity },
        databases.length === 1 ? variable : undefined,
      ),
      origins: [{ kind: 'environment', variable }],
    })),
  );
}
