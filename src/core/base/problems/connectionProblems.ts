import type { CatalogueEntry } from '../catalogueEntry';

/** What can be wrong with an address, and with the places where databases are found. */
export const connectionProblems = {
  'address-empty': {
    severity: 'error',
    message: 'There is no address.',
    remedy: 'Write host:port, several of these with commas, or the path of a Unix socket.',
  },
  'address-scheme-unknown': {
    severity: 'error',
    message: 'The address begins with {scheme}://, which no database understands.',
    remedy: 'Write redis://, rediss:// for TLS, or unix:// for a socket; or host:port alone.',
  },
  'address-host-malformed': {
    severity: 'error',
    message:
      'Entry {entry} of the address has no host: a name, an IPv4 address or an IPv6 address in brackets.',
    remedy: 'Write it as host:port, 127.0.0.1:6379 or [::1]:6379.',
  },
  'address-port-malformed': {
    severity: 'error',
    message: 'Entry {entry} of the address has something else than a port (1 to 65535) behind its host.',
    remedy: 'Write it as host:port; without a port, 6379 is meant.',
  },
  'address-without-brackets': {
    severity: 'error',
    message:
      'Entry {entry} of the address is an IPv6 address without brackets: where its port begins is unclear.',
    remedy: 'Write it as [::1]:6379.',
  },
  'address-path-relative': {
    severity: 'error',
    message: 'The path of the Unix socket is not absolute.',
    remedy: 'Write it from the root on: unix:///path/of/socket, with three slashes.',
  },
  'address-path-malformed': {
    severity: 'error',
    message: 'The path of the Unix socket has a character that no path can have.',
    remedy: 'Copy the path once more from where the database is configured.',
  },
  'address-path-too-long': {
    severity: 'error',
    message: 'The path of the Unix socket is longer than the {most} bytes that a system takes.',
    remedy: 'Let a short symbolic link lead to its folder, and write the path through that.',
  },
  'address-socket-in-list': {
    severity: 'error',
    message: 'The address names a Unix socket among several entries, but a socket is a whole database.',
    remedy: 'Connect to each of them by itself.',
  },
  'address-database-number': {
    severity: 'error',
    message:
      'The address names a numbered database or a path behind its host; SmartSim uses database 0 alone.',
    remedy: 'Leave away what follows the port.',
  },
  'address-with-options': {
    severity: 'error',
    message: 'The address has options behind a question mark, which are not understood here.',
    remedy: 'Leave them away: user and password stand before the host, as in redis://user@host:6379.',
  },
  'address-user-malformed': {
    severity: 'error',
    message: 'The name of the user in the address is empty, too long, or has blanks or invisible characters.',
    remedy: 'Write it as redis://user@host:6379.',
  },
  'address-too-many': {
    severity: 'error',
    message: 'The address has more than {most} entries.',
    remedy: 'Name a few servers of the cluster: any one leads to all.',
  },
  'environment-address-malformed': {
    severity: 'warning',
    message: 'The value of {variable} in the environment is no address of a database.',
    remedy: 'Correct it where it is set, and start the editor or the terminal anew.',
  },
  'environment-without-database': {
    severity: 'information',
    message: 'The environment of this window names no database: it has no SSDB.',
    remedy:
      'Start the editor where SSDB is set, or connect to the database by the address that SSDB has in the terminal.',
  },
  'database-gone': {
    severity: 'information',
    message: 'This database is no longer known here: its server has ended, or it was forgotten.',
    remedy: 'Connect to the database by its address if it runs.',
  },
  'no-such-connection': {
    severity: 'information',
    message: 'There is no database of which that can be said.',
    remedy: 'Connect to one first: `Connect to Database…`.',
  },
  'certificate-unreadable': {
    severity: 'error',
    message:
      'The file {file} cannot be taken as CA certificate: it is no certificate in PEM form, or holds a private key.',
    remedy: 'Choose the certificate of the authority that signed the certificate of the server.',
  },
  'manifest-malformed': {
    severity: 'warning',
    message: 'This is no record of an experiment as SmartSim writes it, so its databases are not listed.',
    remedy: 'Try again if SmartSim is just writing it; else connect to the database by its address.',
  },
} as const satisfies Record<string, CatalogueEntry>;
