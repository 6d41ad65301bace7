import type { Compilable, CompiledQuery } from 'kysely';

/** The text that stands for a parameter while its query is compiled. */
export type Placeholder = (name: string) => string;

/**
 * Compiles a query once: building and compiling it takes longer than an embedded database takes to
 * run it. The returned function gives the parameters their values, by name.
 */
export function precompile<Row>(
  build: (placeholder: Placeholder) => Compilable<Row>,
): (values: ReadonlyMap<string, unknown>) => CompiledQuery<Row> {
  let compiled: CompiledQuery<Row> | undefined;
  // No text that is stored can begin with a control character.
  const placeholder: Placeholder = (name) => `\0${name}`;
  return (values) => {
    compiled ??= build(placeholder).compile();
    const parameters = compiled.parameters.map((parameter) =>
      typeof parameter === 'string' && parameter.startsWith('\0')
        ? values.get(parameter.slice(1))
        : parameter,
    );
    return { ...compiled, parameters };
  };
}
