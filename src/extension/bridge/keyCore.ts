import { keyName } from '../../core/redis/keyName';
import { startInspector, type InspectorThread } from './inspectorThread';

/** What the Keys view and its commands need of the core. Loaded when a database is first looked into. */
export interface KeyCore {
  startInspector(): InspectorThread;
  /** The bytes of a name for people: escaped, and never to be read back. */
  displayKey(name: Uint8Array): string;
}

/** `program`: path of `inspector.js`. */
export function keyCore(program: string): KeyCore {
  return { startInspector: () => startInspector(program), displayKey: keyName };
}
