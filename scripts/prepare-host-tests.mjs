// For the debugger's configuration "Extension Tests": builds, bundles, and copies the workspace to out/host-workspace.
import path from 'node:path';
import { root } from './checkout.mjs';
import { prepareHostTests } from './hostTests.mjs';

await prepareHostTests(path.join(root, 'out/host-workspace'));
