import * as z from 'zod/mini';
import { actorSchema, idSchema } from './input-schemas.ts';

const defaultPageSize = 50;
const maxPageSize = 200;

/** The fields that every list call shares. */
export const listFields = {
  orgId: idSchema,
  actor: actorSchema,
  search: z.optional(
    z.string('must be a string').check(z.maxLength(200, 'must have at most 200 characters')),
  ),
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
  cursor: z.optional(z.string('must be a string').check(z.maxLength(2000, 'is too long'))),
};
