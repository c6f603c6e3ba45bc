import path from 'node:path';
import { projectRoot } from './projectRoot';

/** The AI engine as the build leaves it. */
export const builtEngine = path.join(
  projectRoot,
  `dist/engine/${process.platform}-${process.arch}/engine.so`,
);
