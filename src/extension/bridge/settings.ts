import * as vscode from 'vscode';
import { setting } from '../contributions';

/** Path of the database server, where the user has set one. */
export function serverPathSetting(): string | undefined {
  return pathSetting(setting.serverPath);
}

/** Path of RedisAI, where the user has set one. */
export function redisaiPathSetting(): string | undefined {
  return pathSetting(setting.redisaiPath);
}

/** In an untrusted workspace VS Code leaves out what the workspace itself says (`restrictedConfigurations`). */
function pathSetting(name: string): string | undefined {
  const value = vscode.workspace.getConfiguration().get<string>(name, '').trim();
  return value === '' ? undefined : value;
}
