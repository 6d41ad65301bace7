import { inputObject } from '../../access/input-object.ts';
import type { Account } from '../../model/actor.ts';
import type { Identity } from '../identity.ts';
import { json, noContent } from '../reply.ts';
import { account, anyone, type Route } from '../route.ts';
import { text } from './fields.ts';

const tokenBody = inputObject({ token: text });

/** What the holder of an invite link does. The token travels in bodies only, never in a URL. */
export const invitedRoutes: readonly Route[] = [
  anyone.post('/api/invitations/preview', tokenBody, async ({ manager }, { token }) =>
    json(await manager.previewInvitation({ token })),
  ),
  account.post('/api/invitations/accept', tokenBody, async ({ manager, identity }, { token }) =>
    json(await manager.accept({ token, account: accountOf(identity) })),
  ),
  account.post('/api/invitations/decline', tokenBody, async ({ manager, identity }, { token }) => {
    await manager.decline({ token, account: accountOf(identity) });
    return noContent();
  }),
];

const accountOf = ({ userId, email, emailVerified, name }: Identity): Account => ({
  userId,
  email,
  emailVerified,
  name,
});
