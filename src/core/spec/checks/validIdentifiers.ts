import type { DocumentPath } from '../../base/problem';
import { launchableEntries, orchestratorEntries } from '../entries';
import type { Check } from './check';

/** An identifier is put behind names of environment variables: `SSDB_<identifier>`. */
export const validIdentifiers: Check = (file, report) => {
  const check = (identifier: string, path: DocumentPath, part: 'key' | 'value'): void => {
    if (!/^\w{1,64}$/.test(identifier)) report('invalid-db-identifier', path, { identifier }, part);
  };
  for (const { identifier, identifierPath, section, path } of orchestratorEntries(file)) {
    const isKey = path === identifierPath;
    if (identifierPath !== undefined) check(identifier, identifierPath, isKey ? 'key' : 'value');
    if (isKey && section.db_identifier !== undefined)
      report('identifier-given-twice', [...path, 'db_identifier'], { identifier });
  }
  for (const { path, section } of launchableEntries(file)) {
    const identifier = section.colocated_db?.db_identifier;
    if (identifier !== undefined) check(identifier, [...path, 'colocated_db', 'db_identifier'], 'value');
  }
};
