import * as z from 'zod/mini';
import { inputObject } from '../../access/input-object.ts';
import { unitsSchema } from '../../access/input-schemas.ts';

/** Any text; the manager says which ones it takes. */
export const text = z.string('must be a string');

/** For routes that take nothing. */
export const nothing = inputObject({});

/** A daily and a monthly limit. */
export const limitFields = {
  daily: z.optional(unitsSchema),
  monthly: z.optional(unitsSchema),
};

/** The query fields of every list. */
export const listQuery = {
  search: z.optional(text),
  role: z.optional(z.enum(['member', 'admin', 'all'], 'must be member, admin or all')),
  order: z.optional(z.enum(['asc', 'desc'], 'must be asc or desc')),
  limit: z.optional(
    z.pipe(
      z.string('must be a string').check(z.regex(/^\d{1,4}$/, 'must be an integer from 1 to 200')),
      z.transform(Number),
    ),
  ),
  cursor: z.optional(text),
  exactTotal: z.optional(
    z.pipe(
      z.enum(['true', 'false'], 'must be true or false'),
      z.transform((given) => given === 'true'),
    ),
  ),
};
