import * as z from 'zod/mini';
import { inputObject } from '../../access/input-object.ts';
import { roleSchema, textListSchema } from '../../access/input-schemas.ts';
import { perAddressSchema, termsFields } from '../../access/terms-schemas.ts';
import { OrgUserManagerError } from '../../errors/index.ts';
import type { InviteResult } from '../../model/invite-result.ts';
import { problem } from '../problem.ts';
import { json, noContent, type Reply } from '../reply.ts';
import { organization, type Route } from '../route.ts';
import { listQuery, nothing, text } from './fields.ts';

const statuses = ['pending', 'expired', 'accepted', 'declined', 'revoked', 'all'] as const;

/** What an organization's admins do with invitations. */
export const invitationRoutes: readonly Route[] = [
  organization.get(
    '/api/invitations',
    inputObject({
      ...listQuery,
      status: z.optional(z.enum(statuses, `must be one of: ${statuses.join(', ')}`)),
      sort: z.optional(z.enum(['created', 'address'], 'must be created or address')),
    }),
    async ({ manager, scope }, query) =>
      json(await manager.listInvitations({ ...scope, ...query })),
  ),
  organization.post(
    '/api/invitations/invite',
    inputObject({ email: text, ...termsFields }),
    async ({ manager, scope }, input) => answerInvite(await manager.invite({ ...scope, ...input })),
  ),
  organization.post(
    '/api/invitations/invite-many',
    inputObject({
      addresses: z.optional(textListSchema),
      planId: z.optional(text),
      role: termsFields.role,
      limit: termsFields.limit,
      perAddress: perAddressSchema,
      idempotencyKey: z.optional(text),
    }),
    async ({ manager, scope }, { perAddress, ...input }) => {
      const own = perAddress && { perAddress: Object.fromEntries(perAddress) };
      return json(await manager.inviteMany({ ...scope, ...input, ...own }));
    },
  ),
  organization.post(
    '/api/invitations/bulk-extract',
    inputObject({ text, phones: z.optional(inputObject({ defaultCountry: text })) }),
    async ({ manager, scope }, input) => json(await manager.bulkExtract({ ...scope, ...input })),
  ),
  organization.post(
    '/api/invitations/:invitationId/resend',
    inputObject({
      rotate: z.optional(z.boolean('must be true or false')),
      role: z.optional(roleSchema),
    }),
    async ({ manager, scope, id }, input) =>
      json(await manager.resend({ ...scope, ...input, invitationId: id })),
  ),
  organization.post(
    '/api/invitations/:invitationId/revoke',
    nothing,
    async ({ manager, scope, id }) => {
      await manager.revoke({ ...scope, invitationId: id });
      return noContent();
    },
  ),
];

// An answer of the manager that invited nobody is a conflict on the wire, with what it tells.
function answerInvite(result: InviteResult): Reply {
  switch (result.outcome) {
    case 'invited':
    case 'renewed':
      return json(result, 201);
    case 'already_invited':
      return problem(new OrgUserManagerError('already_invited', {}), {
        invitation: result.invitation,
      });
    case 'already_member':
      return problem(new OrgUserManagerError('already_a_member', {}), { userId: result.userId });
    case 'member_disabled':
      // 409 and not the code's usual 403, which tells the caller that they themselves are disabled.
      return problem(new OrgUserManagerError('member_disabled', {}), {
        status: 409,
        detail: 'This person was disabled. Contact support to restore the access.',
        userId: result.userId,
      });
    case 'domain_not_allowed':
      return problem(new OrgUserManagerError('domain_not_allowed', {}));
    case 'pending_limit_reached':
    case 'member_limit_reached':
      return problem(new OrgUserManagerError(result.outcome, { limit: result.limit }));
  }
}
