/**
 * Copies the own fields of an object, and names those of `names` that it lacks as `undefined`. The copy
 * has no prototype. What a vulnerable dependency has set on `Object.prototype` is then no field: neither
 * here nor where the copy is destructured or spread.
 */
export function ownFields<Fields extends object>(
  given: Fields,
  names: readonly (keyof Fields & string)[],
): Fields {
  const absent = Object.fromEntries(names.map((name) => [name, undefined]));
  return Object.assign(Object.create(null), absent, given);
}
