import path from 'node:path';

/** What a file is called in the views: `lattice.smartsim.yaml` is lattice, `demo/smartsim.yaml` is demo. */
export function experimentLabel(file: string): string {
  const name = path.basename(file).replace(/(\.|^)smartsim\.ya?ml$/, '');
  return name === '' ? path.basename(path.dirname(file)) : name;
}
