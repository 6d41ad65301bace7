import * as z from 'zod/mini';
import { nameSchema, phoneSchema, roleSchema, unitsSchema } from './input-schemas.ts';

/** A daily and a monthly limit, either of which may be absent. */
export const partialLimitSchema = z.optional(
  z.strictObject(
    { daily: z.optional(unitsSchema), monthly: z.optional(unitsSchema) },
    'must be { daily, monthly }',
  ),
);

/** The fields of `InviteTerms`. */
export const termsFields = {
  role: z.optional(roleSchema),
  limit: partialLimitSchema,
  name: z.optional(nameSchema),
  phone: z.optional(phoneSchema),
};

const asEntries = z.pipe(
  z.record(z.string(), z.unknown(), 'must be an object'),
  z.transform((terms: Record<string, unknown>) => Object.entries(terms)),
);
const entries = z.array(z.tuple([z.string(), z.strictObject(termsFields, 'must be terms')]));

/** `InviteTerms` by address. What is wrong is told by its number: the keys are personal data. */
export const perAddressSchema = z.optional(
  z.pipe(
    z.pipe(asEntries, entries),
    z.transform((terms) => Object.fromEntries(terms)),
  ),
);
