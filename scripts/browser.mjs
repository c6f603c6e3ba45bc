// The browser that shows the window to tests.
import { chromium } from 'playwright-core';
import { findComponent, remedyFor } from './systemComponents.mjs';

/** Starts a browser without a window. */
export function launchBrowser() {
  const executablePath = findComponent('chromium');
  if (executablePath === undefined) throw new Error(remedyFor(['chromium']));
  return chromium.launch({
    executablePath,
    args: [
      // Chromium refuses its sandbox to root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
