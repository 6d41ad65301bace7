import * as z from 'zod/mini';
import { inputObject } from '../../access/input-object.ts';
import { roleSchema, textListSchema } from '../../access/input-schemas.ts';
import { partialLimitSchema } from '../../access/terms-schemas.ts';
import { OrgUserManagerError } from '../../errors/index.ts';
import { json, noContent } from '../reply.ts';
import { organization, type Route } from '../route.ts';
import { limitFields, nothing, text } from './fields.ts';

/** The organization itself. */
export const organizationRoutes: readonly Route[] = [
  organization.get('/api/organization', nothing, async ({ manager, scope }) =>
    json(await manager.organization(scope)),
  ),
  organization.post(
    '/api/organization/set-invite-policy',
    inputObject({
      allowedDomains: z.optional(textListSchema),
      blockedDomains: z.optional(textListSchema),
      role: z.optional(roleSchema),
      limit: partialLimitSchema,
    }),
    async ({ manager, scope }, input) =>
      json(await manager.setInvitePolicy({ ...scope, ...input })),
  ),
  organization.post(
    '/api/organization/set-allocation',
    inputObject(limitFields),
    async ({ manager, identity, scope }, input) => {
      if (identity.maySetAllocation !== true) {
        throw new OrgUserManagerError('may_not_set_allocation', {});
      }
      return json(await manager.setAllocation({ ...scope, ...input }));
    },
  ),
  organization.post(
    '/api/organization/preview-allocation',
    inputObject(limitFields),
    async ({ manager, scope }, input) =>
      json(await manager.previewAllocation({ ...scope, ...input })),
  ),
  organization.post(
    '/api/organization/set-time-zone',
    inputObject({ timeZone: text }),
    async ({ manager, scope }, input) => json(await manager.setTimeZone({ ...scope, ...input })),
  ),
  organization.post(
    '/api/organization',
    inputObject({
      name: text,
      timeZone: z.optional(text),
      allocation: partialLimitSchema,
    }),
    async ({ manager, identity, scope: { orgId } }, input) => {
      const { userId, email, name, mayCreateOrganization } = identity;
      if (mayCreateOrganization !== true) {
        throw new OrgUserManagerError('may_not_create_organization', {});
      }
      // The founder takes the address: nobody else could ever be invited by it.
      if (!identity.emailVerified) throw new OrgUserManagerError('email_not_verified', {});
      const admin = { userId, email, name };
      await manager.createOrganization({ ...input, orgId, admin });
      return noContent();
    },
  ),
];
