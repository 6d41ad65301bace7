import * as z from 'zod/mini';
import { inputObject } from '../../access/input-object.ts';
import { json } from '../reply.ts';
import { organization, type Route } from '../route.ts';
import { nothing, text } from './fields.ts';

/** The Usage tab, and charging for clients that cannot sit behind a guard. */
export const usageRoutes: readonly Route[] = [
  organization.get(
    '/api/usage',
    inputObject({ userId: z.optional(text) }),
    async ({ manager, scope }, query) => json(await manager.usage({ ...scope, ...query })),
  ),
  organization.get('/api/usage/health', nothing, async ({ manager, scope }) =>
    json(await manager.usageHealth(scope)),
  ),
  organization.get(
    '/api/usage/history',
    inputObject({
      userId: z.optional(text),
      from: z.optional(text),
      to: z.optional(text),
    }),
    async ({ manager, scope }, query) => json(await manager.usageHistory({ ...scope, ...query })),
  ),
  organization.post(
    '/api/consume',
    inputObject({
      activity: z.optional(text),
      cost: z.optional(z.number('must be an integer')),
      idempotencyKey: z.optional(text),
    }),
    async ({ manager, identity, scope, answerUsage }, input) =>
      answerUsage(manager.tryToConsume({ ...input, orgId: scope.orgId, userId: identity.userId })),
  ),
];
