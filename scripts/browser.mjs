// The browser that shows the window to tests.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Path of a Chromium that is installed here, or nothing. CHROMIUM names another one. */
export function findChromium() {
  return [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ].find((file) => file !== undefined && file !== '' && existsSync(file));
}

/** Starts a browser without a window. */
export function launchBrowser() {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('There is no Chromium. Install one, or name its executable in CHROMIUM.');
  }
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
