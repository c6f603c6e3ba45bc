// Makes the certificates of test/fixtures/tls anew: `node scripts/make-tls-fixtures.mjs`. Needs openssl; the tests do not.
// They prove nothing to anybody but the tests, and end in a hundred years.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './checkout.mjs';

const folder = path.join(root, 'test/fixtures/tls');
const days = '36500';
const work = mkdtempSync(path.join(os.tmpdir(), 'workbench-tls-'));

mkdirSync(folder, { recursive: true });
for (const name of ['ca', 'otherCa']) authority(name);
signed('server', 'DNS:database.test,IP:127.0.0.1');
signed('client', 'DNS:client.test');
rmSync(work, { recursive: true });

/**
 * A certificate that signs others.
 * @param {string} name
 */
function authority(name) {
  openssl('req', '-x509', ...newKey(name), '-out', pem(name), '-days', days, '-subj', `/CN=${name} of tests`);
}

/**
 * A certificate for these names, by the first authority.
 * @param {string} name
 * @param {string} names
 */
function signed(name, names) {
  const request = path.join(work, 'request');
  const extensions = path.join(work, 'extensions');
  openssl('req', ...newKey(name), '-out', request, '-subj', `/CN=${name} of tests`);
  writeFileSync(extensions, `subjectAltName=${names}\n`);
  openssl(
    ...['x509', '-req', '-in', request, '-CA', pem('ca'), '-CAkey', key('ca'), '-CAcreateserial'],
    ...['-CAserial', path.join(work, 'serial'), '-days', days, '-extfile', extensions, '-out', pem(name)],
  );
}

/** @param {string} name */
function newKey(name) {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key(name)];
}

/** @param {string} name */
function pem(name) {
  return path.join(folder, `${name}.pem`);
}

/**
 * Authorities keep their keys no longer than this takes.
 * @param {string} name
 */
function key(name) {
  return name.toLowerCase().endsWith('ca')
    ? path.join(work, `${name}.key`)
    : path.join(folder, `${name}.key`);
}

/** @param {string[]} args */
function openssl(...args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}
