import * as z from 'zod/mini';
import { actorSchema, idSchema } from '../access/input-schemas.ts';

/** Checks a `MemberInput`. */
export const memberInputSchema = z.strictObject({
  orgId: idSchema,
  actor: actorSchema,
  userId: idSchema,
});
