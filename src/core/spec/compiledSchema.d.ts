/** `experiment.schema.json` as code, made while bundling (`scripts/compiledSchema.mjs`). */
declare module 'compiled:experiment.schema.json' {
  interface SchemaError {
    /** JSON pointer of the value. */
    readonly instancePath: string;
    /** JSON pointer of the rule, with `#` before it. */
    readonly schemaPath: string;
    readonly keyword: string;
    readonly params: Readonly<Record<string, unknown>>;
  }
  const validate: {
    (value: unknown): boolean;
    /** Of the last call. */
    errors: readonly SchemaError[] | null;
  };
  export type { SchemaError };
  export default validate;
}
