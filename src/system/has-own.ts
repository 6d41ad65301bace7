/**
 * Whether an object of a union has this key itself. `in` also finds what a vulnerable dependency has set
 * on `Object.prototype`, and takes the object for another one of the union.
 */
export function hasOwn<Union extends object, Key extends string>(
  object: Union,
  key: Key,
): object is Extract<Union, Readonly<Record<Key, unknown>>> {
  return Object.hasOwn(object, key);
}
