import * as z from 'zod/mini';
import { inputObject } from '../access/input-object.ts';
import { actorSchema, idSchema, unitsSchema } from '../access/input-schemas.ts';

// Beside the calls, whose declarations hosts read: those must not name zod.

/** The input of `setLimit` and of its preview. */
export const setLimitSchema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  userId: idSchema,
  daily: z.optional(unitsSchema),
  monthly: z.optional(unitsSchema),
});

/** The input of `setAllocation` and of its preview. */
export const setAllocationSchema = inputObject({
  orgId: idSchema,
  actor: actorSchema,
  daily: z.optional(unitsSchema),
  monthly: z.optional(unitsSchema),
});
