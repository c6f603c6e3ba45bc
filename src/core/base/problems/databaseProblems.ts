import type { CatalogueEntry } from '../catalogueEntry';

/** What can go wrong while a database is connected to and looked at. */
export const databaseProblems = {
  'database-unreachable': {
    severity: 'error',
    message: 'The database {database} could not be reached ({reason}).',
    remedy: 'Check that it runs and that the address is right.',
  },
  'database-lost': {
    severity: 'warning',
    message: 'The connection to the database {database} was lost ({reason}).',
    remedy:
      'Look whether its server runs. What you see is from before; the connection is tried again while a view shows it.',
  },
  'database-silent': {
    severity: 'warning',
    message: 'The database {database} does not answer ({reason}).',
    remedy: 'Look whether its server is stopped, or busy with one long command. What you see is from before.',
  },
  'database-hung-up': {
    severity: 'error',
    message: 'The database {database} closed the connection without an answer ({reason}).',
    remedy: 'Connect with TLS if its server takes nothing else; otherwise read the log of the server.',
  },
  'database-tls-failed': {
    severity: 'error',
    message: 'The database {database} and we did not agree on TLS ({reason}).',
    remedy:
      'Check that its server speaks TLS on this port, that the CA certificate is the one that signed its certificate, and that its name stands in that certificate.',
  },
  'database-not-understood': {
    severity: 'error',
    message: 'The database {database} gave an answer that is none ({reason}), so the connection was closed.',
    remedy: 'Check that a database server listens at this address, and no other service.',
  },
  'database-reply-unexpected': {
    severity: 'error',
    message: 'The database {database} gave an answer that is not understood ({reason}).',
    remedy:
      'Check with `redis-cli` that a server of Redis, Valkey or KeyDB answers at this address, and no proxy that changes its answers.',
  },
  'database-wrong-password': {
    severity: 'error',
    message: 'The database {database} refused the user or the password ({reason}).',
    remedy: 'Connect again with the right user and password.',
  },
  'database-needs-password': {
    severity: 'error',
    message: 'The database {database} wants a password ({reason}).',
    remedy: 'Connect again with a user or a password.',
  },
  'database-protected': {
    severity: 'error',
    message: 'The database {database} is in protected mode and serves its own machine alone ({reason}).',
    remedy: 'Connect from that machine, or give its server a password.',
  },
  'database-right-missing': {
    severity: 'warning',
    message: 'The database {database} does not let this user use {command}.',
    remedy:
      'Ask whoever governs the server for this right (`ACL SETUSER … +{command}`). Only what it would tell is missing.',
  },
  'database-loading': {
    severity: 'warning',
    message: 'The database {database} is still loading its data ({reason}).',
    remedy: 'Wait: it is asked again by itself.',
  },
  'database-primary-down': {
    severity: 'warning',
    message:
      'A replica of the database {database} has lost its primary and does not serve old data ({reason}).',
    remedy: 'Wait until its primary is back, or another has taken its place.',
  },
  'database-busy': {
    severity: 'warning',
    message: 'The database {database} is busy with a script ({reason}).',
    remedy: 'Wait until the script has ended. Whoever started it can end it by `SCRIPT KILL`.',
  },
  'database-cluster-down': {
    severity: 'warning',
    message: 'The cluster of the database {database} does not serve all of its keys ({reason}).',
    remedy: 'Look whether all of its shards run. It is asked again by itself.',
  },
  'database-full': {
    severity: 'warning',
    message: 'The memory of the database {database} is used up, so it refuses writes ({reason}).',
    remedy: 'Delete keys that nobody needs, or give its server more memory.',
  },
  'database-crowded': {
    severity: 'warning',
    message: 'The database {database} has as many clients as it takes ({reason}).',
    remedy: 'Wait until another client has gone, or raise the setting `maxclients` of its server.',
  },
  'database-hosts-unconfirmed': {
    severity: 'error',
    message: 'The database {database} leads to {hosts}, which you have not named.',
    remedy:
      'Connect again and agree to these hosts, or name them in its address, if they belong to the database. Nothing was sent there.',
  },
  'database-locked': {
    severity: 'error',
    message: 'The database {database} was not started by us and is locked, so {command} was not sent.',
    remedy: 'Choose *Unlock* first if you may change it.',
  },
  'database-refused': {
    severity: 'error',
    message: 'The database {database} refused: {reason}.',
    remedy: 'Read the log of its server.',
  },
  'database-not-open': {
    severity: 'information',
    message: 'The database is not looked into any more.',
    remedy: 'Choose it in the Keys view, then try again.',
  },
} as const satisfies Record<string, CatalogueEntry>;
