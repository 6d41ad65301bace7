import * as z from 'zod/mini';
import { inputObject } from '../../access/input-object.ts';
import { json, noContent } from '../reply.ts';
import { organization, type Route } from '../route.ts';
import { limitFields, listQuery, nothing } from './fields.ts';

const statuses = ['active', 'disabled', 'all'] as const;

/** The members table and its actions. There is no way back from `disable` here: only support has it. */
export const memberRoutes: readonly Route[] = [
  organization.get('/api/me', nothing, async ({ manager, identity, scope }) =>
    json(await manager.member({ ...scope, userId: identity.userId })),
  ),
  organization.get(
    '/api/members',
    inputObject({
      ...listQuery,
      status: z.optional(z.enum(statuses, `must be one of: ${statuses.join(', ')}`)),
      sort: z.optional(z.enum(['joined', 'name'], 'must be joined or name')),
    }),
    async ({ manager, scope }, query) => json(await manager.listMembers({ ...scope, ...query })),
  ),
  organization.get('/api/members/:userId', nothing, async ({ manager, scope, id }) =>
    json(await manager.member({ ...scope, userId: id })),
  ),
  organization.post(
    '/api/members/:userId/set-limit',
    inputObject(limitFields),
    async ({ manager, scope, id }, limit) =>
      json(await manager.setLimit({ ...scope, ...limit, userId: id })),
  ),
  organization.post(
    '/api/members/:userId/preview-limit',
    inputObject(limitFields),
    async ({ manager, scope, id }, limit) =>
      json(await manager.previewLimit({ ...scope, ...limit, userId: id })),
  ),
  organization.post(
    '/api/members/:userId/disable',
    inputObject({ keepInvitations: z.optional(z.boolean('must be true or false')) }),
    async ({ manager, scope, id }, { keepInvitations }) =>
      json(await manager.disable({ ...scope, userId: id, keepInvitations })),
  ),
  ...(['promote', 'demote'] as const).map((verb) =>
    organization.post(`/api/members/:userId/${verb}`, nothing, async ({ manager, scope, id }) => {
      await manager[verb]({ ...scope, userId: id });
      return noContent();
    }),
  ),
];
