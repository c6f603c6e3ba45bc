import type { DocumentPath } from '../base/problem';
import schema from './experiment.schema.json';

/** One rule of the schema: the keywords that it uses. */
export interface SchemaRule {
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly anyOf?: readonly SchemaRule[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaRule>>;
  readonly additionalProperties?: SchemaRule | false;
  readonly items?: SchemaRule;
  readonly examples?: readonly unknown[];
}

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';

/** The alternatives that the schema has for the value at a path; none for a path that it does not know. */
export function rulesAt(path: DocumentPath): readonly SchemaRule[] {
  return path.reduce<readonly SchemaRule[]>(
    (rules, step) => rules.flatMap((rule) => alternatives(ruleOfChild(rule, step))),
    alternatives(schema as SchemaRule),
  );
}

function ruleOfChild(rule: SchemaRule, step: string | number): SchemaRule | undefined {
  if (typeof step === 'number') return rule.items;
  if (rule.properties !== undefined && Object.hasOwn(rule.properties, step)) return rule.properties[step];
  return rule.additionalProperties === false ? undefined : rule.additionalProperties;
}

function alternatives(rule: SchemaRule | undefined): readonly SchemaRule[] {
  if (rule === undefined) return [];
  if (rule.$ref !== undefined) return alternatives(definition(rule.$ref));
  return rule.anyOf?.flatMap(alternatives) ?? [rule];
}

function definition(reference: string): SchemaRule | undefined {
  const definitions: Readonly<Record<string, unknown>> = schema.definitions;
  return definitions[reference.replace('#/definitions/', '')] as SchemaRule | undefined;
}
