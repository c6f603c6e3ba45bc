import type { DocumentPath } from '../base/problem';
import { displayText } from './displayText';

/** A path as people write it and a message can hold it: `models.simulation.run_settings.exe_args[0]`. */
export function formatPath(path: DocumentPath): string {
  const whole = path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
  return displayText(whole);
}
