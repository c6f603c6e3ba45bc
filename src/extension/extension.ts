import type { ExtensionContext } from 'vscode';
import { compose, type WorkbenchApi } from './composition';

/** Called by VS Code when a view, a command or an experiment file needs the extension. */
export function activate(context: ExtensionContext): WorkbenchApi {
  return compose(context);
}
