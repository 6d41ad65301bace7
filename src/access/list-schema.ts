import * as z from 'zod/mini';
import { actorSchema, idSchema } from './input-schemas.ts';
import { isStorable } from './is-id.ts';

const defaultPageSize = 50;
const maxPageSize = 200;
// A sort name of 200 and an id of 255 characters, in base64.
const maxCursorLength = 3000;

/** The fields that every list call shares. */
export const listFields = {
  orgId: idSchema,
  actor: actorSchema,
  search: z.optional(
    z
      .string('must be a string')
      .check(
        z.maxLength(200, 'must have at most 200 characters'),
        z.refine(isStorable, 'must not hold control characters'),
      ),
  ),
  role: z._default(z.enum(['member', 'admin', 'all'], 'must be member, admin or all'), 'all'),
  order: z.optional(z.enum(['asc', 'desc'], 'must be asc or desc')),
  limit: z._default(
    z
      .number('must be an integer from 1 to 200')
      .check(
        z.refine(
          (limit) => Number.isSafeInteger(limit) && limit >= 1 && limit <= maxPageSize,
          'must be an integer from 1 to 200',
        ),
      ),
    defaultPageSize,
  ),
  cursor: z.optional(
    z.string('must be a string').check(z.maxLength(maxCursorLength, 'is too long')),
  ),
  exactTotal: z._default(z.boolean('must be true or false'), false),
};
