import type { Check } from './check';
import { notSupportedYet } from './notSupportedYet';

/** All rules beyond the schema. */
export const checks: readonly Check[] = [notSupportedYet];
