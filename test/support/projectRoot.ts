/** Root folder of the checkout: test bundles lie elsewhere, so the runner tells. */
export const projectRoot: string = process.env['WORKBENCH_ROOT'] ?? process.cwd();
