import type { ModelSpec } from '../spec/experimentSpec';

/**
 * Models in an order in which each comes after those it depends on; otherwise as in the file. Cycles and unknown
 * names are refused when the file is checked: here they are a bug.
 */
export function launchOrder(models: readonly ModelSpec[]): readonly ModelSpec[] {
  const byName = new Map(models.map((model) => [model.name, model]));
  const ordered = new Set<ModelSpec>();
  const place = (model: ModelSpec, dependents: readonly ModelSpec[]): void => {
    if (ordered.has(model)) return;
    if (dependents.includes(model)) throw new Error(`cyclic depends_on of ${model.name}`);
    for (const dependency of model.dependsOn) {
      const needed = byName.get(dependency.model);
      if (needed === undefined) throw new Error(`${model.name} depends on unknown ${dependency.model}`);
      place(needed, [...dependents, model]);
    }
    ordered.add(model);
  };
  for (const model of models) place(model, []);
  return [...ordered];
}
