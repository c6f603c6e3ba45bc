import { launchableEntries } from '../entries';
import type { Check } from './check';

/** Bytes; leaves room for what is put behind a name in file names. */
const longestName = 200;

/** Names become directories, file names, prefixes of keys and items of the list in `SSKEYIN`. */
export const validNames: Check = (file, report) => {
  const experiment = faultOfName(file.experiment);
  if (experiment !== undefined)
    report('invalid-name', ['experiment'], { name: file.experiment, fault: experiment });
  for (const { name, path } of launchableEntries(file)) {
    const fault = faultOfName(name);
    if (fault !== undefined) report('invalid-name', path, { name, fault }, 'key');
  }
};

/** Why a text cannot be a name; undefined where it can. */
function faultOfName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name !== name.trim()) return 'it starts or ends with white space';
  if (/^[-.]/.test(name)) return `it starts with "${name.charAt(0)}"`;

  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name))
    return 'it has a control character or a line break in it';
  const forbidden = /[/\\{},]/.exec(name)?.[0];
  if (forbidden !== undefined) return `it has "${forbidden}" in it`;
  return Buffer.byteLength(name) > longestName ? `it is longer than ${longestName} bytes` : undefined;
}
