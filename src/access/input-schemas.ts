import * as z from 'zod/mini';
import { judgeEntry } from '../emails/judge/judge-entry.ts';
import type { Actor } from '../model/actor.ts';
import { isPhoneNumber } from '../phones/is-phone-number.ts';
import { inputObject } from './input-object.ts';
import { idRule, isId, isStorable } from './is-id.ts';
import { idempotencyKeyRule, isIdempotencyKey } from './is-idempotency-key.ts';
import { isTimeZone } from './is-time-zone.ts';

/** A host's id. */
export const idSchema = z.string('must be a string').check(z.refine(isId, idRule));

/** A name that people see: 1 to 200 characters. */
export const nameSchema = z.string('must be a string').check(
  z.trim(),
  z.refine((name) => name.length >= 1 && name.length <= 200, 'must have 1 to 200 characters'),
  z.refine(isStorable, 'must not hold control characters'),
);

/** Names a call, so that repeating it changes nothing more. */
export const idempotencyKeySchema = z
  .string('must be a string')
  .check(z.refine(isIdempotencyKey, idempotencyKeyRule));

/** An IANA time zone. */
export const timeZoneSchema = z
  .string('must be a string')
  .check(z.refine(isTimeZone, 'must be an IANA time zone'));

/** A phone number; see `isPhoneNumber`. */
export const phoneSchema = z
  .string('must be a string')
  .check(z.refine(isPhoneNumber, 'must be a phone number such as +14155550123'));

/** Whoever acts: `{ userId }` or `{ system: true }`, never both, never neither. */
export const actorSchema: z.ZodMiniType<Actor> = z.union(
  [inputObject({ userId: idSchema }), inputObject({ system: z.literal(true) })],
  'must be { userId } or { system: true }',
);

/**
 * An address, turned into its one normal form. Its top-level domain may be any: which ones may be
 * invited is asked where somebody is invited.
 */
export const addressSchema = z.pipe(
  z.string('must be a string'),
  z.transform((text: string, context) => {
    const judged = judgeEntry(text, { tlds: 'any' });
    if (judged.ok) return judged.key;
    context.issues.push({
      code: 'custom',
      input: text,
      message: `is not an email address (${judged.reason})`,
    });
    return z.NEVER;
  }),
);

/** The signed-in account, its address in normal form. */
export const accountSchema = inputObject(
  {
    userId: idSchema,
    email: addressSchema,
    emailVerified: z.boolean('must be true or false'),
    name: z.optional(nameSchema),
  },
  'must be an account',
);

export const roleSchema = z.enum(['member', 'admin'], 'must be member or admin');

/** A list of texts; its length is checked before any of its entries. */
export const textListSchema = z.pipe(
  z
    .array(z.unknown(), 'must be a list')
    .check(z.maxLength(10_000, 'must hold at most 10,000 entries')),
  z.array(z.string('must be a string')),
);

/** A limit in units: an integer from 0 to 2^53 - 1, or null for none. */
export const unitsSchema = z.nullable(
  z
    .number('must be an integer or null')
    .check(
      z.refine(
        (units) => Number.isSafeInteger(units) && units >= 0,
        'must be an integer from 0 to 2^53 - 1',
      ),
    ),
);
