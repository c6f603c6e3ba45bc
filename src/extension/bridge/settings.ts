import * as vscode from 'vscode';
import { setting } from '../contributions';

/**
 * Path of the database server, where the user has set one. In an untrusted workspace VS Code leaves
 * out what the workspace itself says (`restrictedConfigurations`).
 */
export function serverPathSetting(): string | undefined {
  const value = vscode.workspace.getConfiguration().get<string>(setting.serverPath, '').trim();
  return value === '' ? undefined : value;
}
