import type { SchemaError } from 'compiled:experiment.schema.json';

/**
 * Keeps one schema error for each fault: of several alternatives, those errors that are about the one
 * which fits the value's type; of several broken rules of one value, the one about its type.
 */
export function withoutNoise(errors: readonly SchemaError[]): readonly SchemaError[] {
  const kept: SchemaError[] = [];
  for (const error of errors) {
    if (error.keyword === 'anyOf') kept.push(...ofFittingAlternative(takeInside(kept, error), error));
    else kept.push(error);
  }
  const wrongTypes = new Set(kept.filter(isAboutType).map(({ instancePath }) => instancePath));
  return kept.filter((error) => isAboutType(error) || !wrongTypes.has(error.instancePath));
}

/** Takes the errors of all alternatives out of `kept`: they come directly before the error that none fitted. */
function takeInside(kept: SchemaError[], { instancePath }: SchemaError): readonly SchemaError[] {
  const start = kept.findLastIndex(
    (error) => error.instancePath !== instancePath && !error.instancePath.startsWith(`${instancePath}/`),
  );
  return kept.splice(start + 1);
}

function ofFittingAlternative(inside: readonly SchemaError[], none: SchemaError): readonly SchemaError[] {
  const misfits = inside.filter(
    (error) => error.keyword === 'type' && error.instancePath === none.instancePath,
  );
  // An alternative of the wrong type also says that the value is none of its words.
  const noise = new Set(
    misfits.flatMap(({ schemaPath }) => [schemaPath, schemaPath.replace(/type$/, 'enum')]),
  );
  const fitting = inside.filter(({ schemaPath }) => !noise.has(schemaPath));
  return fitting.length > 0 ? fitting : [none];
}

function isAboutType({ keyword }: SchemaError): boolean {
  return keyword === 'type' || keyword === 'anyOf';
}
