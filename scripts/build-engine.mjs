// Compiles the engine into dist/engine. Where that cannot be done it says so, and everything but tensors works.
import { canCompile, compileEngine, engineFile } from './engine.mjs';

if (canCompile()) {
  try {
    compileEngine(engineFile, 'release');
  } catch (error) {
    console.error('The AI engine is not built: its compiler refused it (above).', String(error));
  }
} else {
  console.error(
    'The AI engine is not built: there is no C compiler here (cc). Everything else works; to have tensors, install one ' +
      '(Debian, Ubuntu: apt-get install gcc) and run: node scripts/build-engine.mjs',
  );
}
