import path from 'node:path';
import { engineIn } from '../../src/core/site/engineIn';
import { projectRoot } from './projectRoot';

/** The AI engine among the programs of this checkout. */
export const packedEngine = engineIn(path.join(projectRoot, 'dist'));

/** Its library, as the build leaves it. */
export const builtEngine = packedEngine.library;
