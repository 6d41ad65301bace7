import * as z from 'zod/mini';
import { ownFields } from './own-fields.ts';

/**
 * An object with these fields and no others. Its own properties are read, and only those: a schema reads
 * inherited ones as well. In the result every field is there, so that none is inherited later.
 */
export function inputObject<const Shape extends z.core.$ZodShape>(
  shape: Shape,
  message = 'must be an object',
) {
  const names = Object.keys(shape);
  const own = z.transform((given: unknown) => {
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
    return isObject ? ownFields<Record<string, unknown>>(Object(given), names) : given;
  });
  return z.pipe(own, z.strictObject(shape, message));
}
