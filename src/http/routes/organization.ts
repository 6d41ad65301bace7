import * as z from 'zod/mini';
import { unitsSchema } from '../../access/input-schemas.ts';
import { OrgUserManagerError } from '../../errors/index.ts';
import { noContent } from '../reply.ts';
import { organization, type Route } from '../route.ts';
import { text } from './fields.ts';

/** The organization itself. */
export const organizationRoutes: readonly Route[] = [
  organization.post(
    '/api/organization',
    z.strictObject({
      name: text,
      timeZone: z.optional(text),
      allocation: z.optional(
        z.strictObject({ daily: z.optional(unitsSchema), monthly: z.optional(unitsSchema) }),
      ),
    }),
    async ({ manager, identity, scope: { orgId } }, input) => {
      const { userId, email, name, mayCreateOrganization } = identity;
      if (mayCreateOrganization !== true) {
        throw new OrgUserManagerError('may_not_create_organization', {});
      }
      // The founder takes the address: nobody else could ever be invited by it.
      if (!identity.emailVerified) throw new OrgUserManagerError('email_not_verified', {});
      const admin = { userId, email, name: name || undefined };
      await manager.createOrganization({ ...input, orgId, admin });
      return noContent();
    },
  ),
];
