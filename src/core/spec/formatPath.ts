import type { DocumentPath } from '../base/problem';

/** A path as people write it: `models.simulation.run_settings.exe_args[0]`. */
export function formatPath(path: DocumentPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
