// Installs the VS Code servers that are not here yet: `node scripts/setup-hosts.mjs [current] [oldest]`, both by default.
import { ensureHost, hostNames } from './vscodeHosts.mjs';

const wanted = process.argv.slice(2);
for (const host of hostNames) {
  if (wanted.length === 0 || wanted.includes(host)) ensureHost(host);
}
