import assert from 'node:assert/strict';
import type { Invitation } from '../model/invitation.ts';
import type { Storage } from '../ports/storage.ts';
import { found, invite } from './prepare.ts';
import { now, sampleInvitation, sampleMail } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const renewed = (invitation: Invitation, number: number): Invitation => ({
  ...invitation,
  role: 'admin',
  limit: { daily: number, monthly: null },
  name: `Guest ${number}`,
  phone: '+14155550123',
  generation: 2,
  invitedBy: null,
  expiresAt: now + 9000,
  sendCount: 2,
  lastSendAt: now + 1,
});

const replace = (storage: Storage, invitations: readonly Invitation[]) =>
  storage.transaction('acme', async (tx) => {
    await tx.replaceInvitations(invitations);
    await tx.insertMails(invitations.map((invitation) => sampleMail(invitation)));
  });

async function stored(storage: Storage, ...invitations: readonly Invitation[]) {
  const rows = await Promise.all(invitations.map(({ id }) => storage.findInvitation(id)));
  const { organization } = await storage.load({ orgId: 'acme' });
  return { rows, bound: organization?.pendingUpperBound };
}

/** Replacing many invitations at once. */
export const replaceCases: StorageCases = {
  'replacing: each becomes its own new row, and the bound rises by all of them': async (
    storage,
  ) => {
    await found(storage);
    const before = [1, 2, 3].map((number) => sampleInvitation(number));
    await invite(storage, ...before);
    const after = before.slice(0, 2).map((row, index) => renewed(row, index + 1));
    await replace(storage, after);
    const { rows, bound } = await stored(storage, ...before);
    assert.deepEqual(rows, [...after, before[2]]);
    assert.equal(bound, 5);
  },
  'replacing: what has ended stays as it is': async (storage) => {
    await found(storage);
    const [open, ended] = [sampleInvitation(1), sampleInvitation(2)];
    await invite(storage, open, ended);
    const revoked = { ...ended, status: 'revoked', endedAt: now, endedBy: 'admin' } as const;
    await storage.transaction('acme', (tx) => tx.updateInvitation(ended, revoked));
    const after = [renewed(open, 1), renewed(ended, 2)];
    await storage.transaction('acme', (tx) => tx.replaceInvitations(after));
    assert.deepEqual((await stored(storage, open, ended)).rows, [after[0], revoked]);
  },
  'replacing: several hundred at once, and none at all': async (storage) => {
    await found(storage);
    const before = Array.from({ length: 600 }, (_, number) => sampleInvitation(number));
    await invite(storage, ...before);
    const after = before.map((row, number) => renewed(row, number));
    await replace(storage, after);
    await replace(storage, []);
    const { rows } = await stored(storage, ...before.slice(0, 3), ...before.slice(-3));
    assert.deepEqual(rows, [...after.slice(0, 3), ...after.slice(-3)]);
  },
};
