// A Python environment with the SmartRedis client, for tests and for whoever wants to try the examples:
//   node scripts/smartredisClient.mjs      prints the path of its Python
import { pathToFileURL } from 'node:url';
import { pythonEnvironment } from './pythonEnvironment.mjs';
import { findComponent } from './systemComponents.mjs';

/** Path of the Python that has the client. */
export function smartredisPython() {
  const python = findComponent('smartredis-python');
  if (python === undefined) throw new Error('Python 3.8 to 3.11 with the module venv is missing.');
  return pythonEnvironment('smartredis', python);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.log(smartredisPython());
