import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';

/** Checks a `MemberInput`. */
export const memberInputSchema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  userId: idSchema,
});
