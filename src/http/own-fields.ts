/**
 * Reads the named fields of an application's answer, each of them once. Own fields only: what a
 * dependency has put on `Object.prototype` was not answered.
 */
export function ownFields<Name extends string>(
  answer: unknown,
  names: readonly Name[],
): { readonly [Field in Name]?: unknown } {
  const given = Object(answer);
  const fields = Object.create(null);
  for (const name of names) {
    if (Object.hasOwn(given, name)) fields[name] = given[name];
  }
  return fields;
}
