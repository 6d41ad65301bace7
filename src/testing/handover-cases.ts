import assert from 'node:assert/strict';
import type { Invitation } from '../model/invitation.ts';
import type { Storage } from '../ports/storage.ts';
import { countPending } from './count-pending.ts';
import { found, invite } from './prepare.ts';
import { now, sampleInvitation } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const theirs = { orgId: 'acme', userId: 'admin', now: now + 7 };

/** Invitations that `theirs` means, to each role, and of every kind that it does not mean. */
async function inviteAll(storage: Storage) {
  await found(storage);
  await found(storage, { orgId: 'globex' });
  const toAdmin = sampleInvitation(1, { role: 'admin', expiresAt: now + 8 });
  const toMember = sampleInvitation(2);
  const accepted = sampleInvitation(3);
  const others = [
    sampleInvitation(4, { invitedBy: 'ADMIN' }),
    sampleInvitation(5, { invitedBy: null }),
    sampleInvitation(6, { expiresAt: now + 7 }),
  ];
  const foreign = sampleInvitation(7, { orgId: 'globex' });
  await invite(storage, toAdmin, toMember, accepted, ...others);
  await invite(storage, foreign);
  const ended = { ...accepted, status: 'accepted', endedAt: now, endedBy: 'sam' } as const;
  await storage.transaction('acme', (tx) => tx.updateInvitation(accepted, ended));
  return { toAdmin, toMember, others: [ended, ...others, foreign] };
}

async function expectStored(storage: Storage, expected: readonly Invitation[]) {
  for (const invitation of expected) {
    assert.deepEqual(await storage.findInvitation(invitation.id), invitation);
  }
}

/** Revoking and reassigning what a member answers for. */
export const handoverCases: StorageCases = {
  'handovers: a member’s usable invitations are revoked, and no others': async (storage) => {
    const { toAdmin, toMember, others } = await inviteAll(storage);
    const revoke = () => storage.transaction('acme', (tx) => tx.revokeInvitationsOf(theirs, 'kim'));
    assert.deepEqual((await revoke()).toSorted(), [toAdmin.id, toMember.id]);
    const ended = { status: 'revoked', endedAt: now + 7, endedBy: 'kim' } as const;
    await expectStored(storage, [{ ...toAdmin, ...ended }, { ...toMember, ...ended }, ...others]);
    assert.deepEqual(await revoke(), []);
    // The addresses are free again.
    await invite(storage, sampleInvitation(8, { address: toAdmin.address }));
  },
  'handovers: a member’s usable invitations get another inviter, and no others': async (
    storage,
  ) => {
    const { toAdmin, toMember, others } = await inviteAll(storage);
    const { organization } = await storage.load({ orgId: 'acme' });
    const reassign = (invitedBy: string | null) =>
      storage.transaction('acme', (tx) => tx.reassignInvitationsOf(theirs, invitedBy));
    assert.deepEqual((await reassign('kim')).toSorted(), [toAdmin.id, toMember.id]);
    const kept = [toAdmin, toMember].map((one) => ({ ...one, invitedBy: 'kim' }));
    await expectStored(storage, [...kept, ...others]);
    assert.deepEqual(await reassign(null), []);
    assert.deepEqual((await storage.load({ orgId: 'acme' })).organization, organization);
  },
  'handovers: the system actor takes invitations over, too': async (storage) => {
    const { toAdmin, toMember, others } = await inviteAll(storage);
    await storage.transaction('acme', (tx) => tx.reassignInvitationsOf(theirs, null));
    const kept = [toAdmin, toMember].map((one) => ({ ...one, invitedBy: null }));
    await expectStored(storage, [...kept, ...others]);
  },
  'handovers: with a role only invitations to it are revoked': async (storage) => {
    const { toAdmin, toMember } = await inviteAll(storage);
    const of = { ...theirs, role: 'admin' } as const;
    const ids = await storage.transaction('acme', (tx) => tx.revokeInvitationsOf(of, null));
    assert.deepEqual(ids, [toAdmin.id]);
    const ended = { status: 'revoked', endedAt: now + 7, endedBy: null } as const;
    await expectStored(storage, [{ ...toAdmin, ...ended }, toMember]);
  },
  'handovers: with a role only invitations to it get another inviter': async (storage) => {
    const { toAdmin, toMember } = await inviteAll(storage);
    const of = { ...theirs, role: 'member' } as const;
    const ids = await storage.transaction('acme', (tx) => tx.reassignInvitationsOf(of, 'kim'));
    assert.deepEqual(ids, [toMember.id]);
    await expectStored(storage, [toAdmin, { ...toMember, invitedBy: 'kim' }]);
  },
  'handovers: a member may answer for more than a thousand invitations': async (storage) => {
    await found(storage);
    const many = Array.from({ length: 1201 }, (_, number) => sampleInvitation(number));
    await invite(storage, ...many);
    const counts = await storage.transaction('acme', async (tx) => [
      (await tx.reassignInvitationsOf(theirs, 'kim')).length,
      (await tx.revokeInvitationsOf({ ...theirs, userId: 'kim' }, null)).length,
    ]);
    assert.deepEqual(counts, [1201, 1201]);
    assert.equal(await countPending(storage, now), 0);
  },
};
