import { fillIn } from '../../src/core/base/problem';
import type { Wording } from '../../src/extension/wording/wording';

/** English as it is written in the source. */
export const plainWording: Wording = {
  t: (template, args = {}) => fillIn(template, args),
  locale: 'en',
};
