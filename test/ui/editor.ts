import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { launchBrowser } from '../../scripts/browser.mjs';
import { packedExtension } from '../../scripts/checkout.mjs';
import { startEditorServer, windowAddress } from '../../scripts/editorServer.mjs';
import { installPacked } from '../../scripts/installedExtension.mjs';
import { privateHome } from '../../scripts/privateHome.mjs';
import { copyWorkspace } from '../../scripts/workspaceCopy.mjs';
import { projectRoot } from '../support/projectRoot';
import { EditorWindow, themeSettings } from './window';

export interface EditorOptions {
  /** Folder of the checkout whose copy is opened; none: a window without a folder. */
  readonly workspace?: string;
  /** Changes the copy before it is opened. */
  readonly prepare?: (folder: string) => void;
  /** Whether the window asks if the folder is trusted; it is trusted without a question by default. */
  readonly workspaceTrust?: boolean;
  readonly settings?: Record<string, unknown>;
  /** Environment of the extension host, on top of a private home. */
  readonly environment?: Record<string, string>;
}

/** A server with the packed extension in a fresh profile, and a window on it. */
export interface Editor {
  readonly window: EditorWindow;
  /** The copy that is open. */
  readonly folder: string;
  /** Runs the command line as a terminal of this user would; answers its standard output. */
  ssw(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** Opens the real window of a real editor, and resolves when the extension's icon is there. */
export async function openEditor(options: EditorOptions): Promise<Editor> {
  const temporary = mkdtempSync(path.join(process.env['TEST_TEMPORARY'] ?? os.tmpdir(), 'editor-'));
  const folder = path.join(temporary, 'workspace');
  if (options.workspace !== undefined) {
    copyWorkspace(path.join(projectRoot, options.workspace), folder);
    options.prepare?.(folder);
  }
  const profile = path.join(temporary, 'profile');
  installPacked('current', profile, packedExtension);
  const environment = { ...privateHome(path.join(temporary, 'home')), ...options.environment };
  const server = await startEditorServer({
    host: 'current',
    profile,
    purpose: 'window',
    env: environment,
    workspaceTrust: options.workspaceTrust ?? false,
    settings: { ...themeSettings, ...options.settings },
  });
  const browser = await launchBrowser();
  const page = await browser.newPage({
    colorScheme: 'dark',
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  page.setDefaultTimeout(20_000);
  const window = new EditorWindow(page);
  const address = windowAddress(server.address, options.workspace === undefined ? undefined : folder);
  await page.goto(address, { waitUntil: 'commit' });
  await window.containerIcon('SmartSim').waitFor({ timeout: 60_000 });
  return {
    window,
    folder,
    async ssw(...args) {
      const argv = [path.join(projectRoot, 'dist/ssw.js'), ...args];
      const { stdout } = await promisify(execFile)(process.execPath, argv, {
        cwd: folder,
        env: { ...process.env, ...environment },
        timeout: 20_000,
      });
      return stdout;
    },
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

/** Keeps a picture of the window where a test of this suite failed: out/screens/failures/<title>.png. */
export function keepFailures(editor: () => Editor | undefined): void {
  afterEach(async function () {
    const { currentTest } = this;
    if (currentTest?.state !== 'failed') return;
    await editor()?.window.page.screenshot({
      path: path.join(projectRoot, 'out/screens/failures', `${currentTest.fullTitle()}.png`),
    });
  });
}
