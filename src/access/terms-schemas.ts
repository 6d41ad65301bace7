import * as z from 'zod/mini';
import { judgeEntry } from '../emails/judge/judge-entry.ts';
import { inputObject } from './input-object.ts';
import { nameSchema, phoneSchema, roleSchema, unitsSchema } from './input-schemas.ts';
import { fallbackMessage } from './parse-input.ts';

/** A daily and a monthly limit, either of which may be absent. */
export const partialLimitSchema = z.optional(
  inputObject(
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

const termsSchema = inputObject(termsFields, 'must be terms');
type Terms = z.output<typeof termsSchema>;

const mostEntries = 10_000;

/** Reads entry by entry: what is wrong is told by its number, since the keys are personal data. */
const byAddress = z.transform((value: object, context): ReadonlyMap<string, Terms> => {
  const terms = new Map<string, Terms>();
  for (const [index, [key, given]] of Object.entries(value).entries()) {
    const judged = judgeEntry(key, { tlds: 'any' });
    const message = judged.ok ? 'is there twice' : `is not an email address (${judged.reason})`;
    const parsed = z.safeParse(termsSchema, given, fallbackMessage);
    if (!judged.ok || terms.has(judged.key)) {
      context.issues.push({ code: 'custom', input: undefined, path: [index], message });
    } else if (parsed.success) terms.set(judged.key, parsed.data);
    for (const issue of parsed.error?.issues ?? []) {
      context.issues.push({ ...issue, input: undefined, path: [index, ...issue.path] });
    }
  }
  return terms;
});

// A `Map` has no keys of its own, and would say nothing of anybody.
const isPlainObject = (value: unknown) => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};
const hasFew = (value: object) => Object.keys(value).length <= mostEntries;

/** `InviteTerms` by address, as a map by normal form. */
export const perAddressSchema = z.optional(
  z.pipe(
    z
      .custom<object>(isPlainObject, 'must be a plain object')
      .check(z.refine(hasFew, 'must hold at most 10,000 entries')),
    byAddress,
  ),
);
