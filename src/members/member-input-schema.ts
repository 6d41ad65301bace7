import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema } from '../access/input-schemas.ts';

/** The fields of a `MemberInput`. */
export const memberFields = { orgId: idSchema, actor: actorSchema, userId: idSchema };

/** Checks a `MemberInput`. */
export const memberInputSchema = inputObject(memberFields);
