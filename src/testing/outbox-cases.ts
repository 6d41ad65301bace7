import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { MailKey } from '../model/outbox-mail.ts';
import type { DeliveryOutcome } from '../ports/outbox.ts';
import type { Storage } from '../ports/storage.ts';
import { found } from './prepare.ts';
import { now, sampleInvitation, sampleMail } from './sample-rows.ts';
import type { StorageCases } from './storage-cases.ts';

const sent: DeliveryOutcome = { state: 'sent', lastError: null, nextAttemptAt: now };

/** Queues a mail for each delay: asked for and due so many milliseconds after `now`. */
async function queue(storage: Storage, ...delays: readonly number[]): Promise<void> {
  await found(storage);
  const invitations = delays.map((delay, number) =>
    sampleInvitation(number, { lastSendAt: now + delay }),
  );
  await storage.transaction('acme', async (tx) => {
    await tx.insertInvitations(invitations);
    await tx.insertMails(invitations.map((invitation) => sampleMail(invitation)));
  });
}

async function claim(
  storage: Storage,
  claimId: string,
  { at = now, limit = 100, leaseMs = 100 } = {},
): Promise<readonly string[]> {
  const lease = { claimId, now: at, leaseUntil: at + leaseMs, limit };
  return (await storage.outbox.claim(lease)).map(({ invitationId }) => invitationId).toSorted();
}

const mailKey = (number: number): MailKey => sampleMail(sampleInvitation(number));
const idOf = (number: number) => sampleInvitation(number).id;

async function mailOf(storage: Storage, number: number) {
  const invitationIds = [sampleInvitation(number).id];
  const { invitations } = await storage.load({ orgId: 'acme', invitationIds });
  return invitations[0]?.mail;
}

/** The mails to send. */
export const outboxCases: StorageCases = {
  'outbox: an empty one has nothing to claim and is never due': async (storage) => {
    assert.deepEqual(await claim(storage, 'a'), []);
    assert.equal(await storage.outbox.nextDueAt(), undefined);
  },
  'outbox: a claimed mail is given whole, and the attempt is counted': async (storage) => {
    await queue(storage, 0);
    const [mail] = await storage.outbox.claim({
      claimId: 'a',
      now,
      leaseUntil: now + 100,
      limit: 1,
    });
    const { number, state, orgId, invitationId, lastError, createdAt } = sampleMail(
      sampleInvitation(0),
    );
    assert.ok(mail);
    assert.deepEqual(
      [mail.number, mail.state, mail.orgId, mail.invitationId, mail.lastError, mail.createdAt],
      [number, state, orgId, invitationId, lastError, createdAt],
    );
    assert.equal(mail.attempts, 1);
    assert.equal((await mailOf(storage, 0))?.attempts, 1);
  },
  'outbox: a mail is claimed from the instant on at which it is due': async (storage) => {
    await queue(storage, 5);
    assert.equal(await storage.outbox.nextDueAt(), now + 5);
    assert.deepEqual(await claim(storage, 'a', { at: now + 4 }), []);
    assert.deepEqual(await claim(storage, 'a', { at: now + 5 }), [idOf(0)]);
  },
  'outbox: the oldest are claimed first, no more than asked for': async (storage) => {
    await queue(storage, -1, -3, -2, -4);
    assert.equal(await storage.outbox.nextDueAt(), now - 4);
    assert.deepEqual(await claim(storage, 'a', { limit: 1 }), [idOf(3)]);
    assert.deepEqual(await claim(storage, 'b', { limit: 2 }), [idOf(1), idOf(2)]);
    assert.deepEqual(await claim(storage, 'c', { limit: 2 }), [idOf(0)]);
  },
  'outbox: a claimed mail is nobody else’s until the lease runs out': async (storage) => {
    await queue(storage, 0);
    await claim(storage, 'a');
    assert.deepEqual(await claim(storage, 'b'), []);
    assert.deepEqual(await claim(storage, 'b', { at: now + 99 }), []);
    assert.equal(await storage.outbox.nextDueAt(), now + 100);
    assert.deepEqual(await claim(storage, 'b', { at: now + 100 }), [idOf(0)]);
    assert.equal((await mailOf(storage, 0))?.attempts, 2);
  },
  'outbox: of claims made at once, each mail goes to one': async (storage) => {
    await queue(storage, ...Array.from({ length: 12 }, () => 0));
    const claimed = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((claimId) => claim(storage, claimId)),
    );
    assert.deepEqual(
      claimed.flat().toSorted(),
      Array.from({ length: 12 }, (_, number) => idOf(number)),
    );
  },
  'outbox: a final outcome ends a mail': async (storage) => {
    await queue(storage, 0, 0, 0);
    await claim(storage, 'a');
    for (const [number, state] of (['sent', 'failed', 'cancelled'] as const).entries()) {
      const lastError = state === 'failed' ? `${'é'.repeat(198)}🎈` : null;
      await storage.outbox.settle(mailKey(number), 'a', { ...sent, state, lastError });
      const mail = await mailOf(storage, number);
      assert.deepEqual([mail?.state, mail?.lastError], [state, lastError]);
    }
    assert.deepEqual(await claim(storage, 'b', { at: now + 1_000_000 }), []);
    assert.equal(await storage.outbox.nextDueAt(), undefined);
  },
  'outbox: a mail to try again is due when its outcome says': async (storage) => {
    await queue(storage, 0);
    await claim(storage, 'a');
    const again = { state: 'queued', lastError: 'busy', nextAttemptAt: now + 30 } as const;
    await storage.outbox.settle(mailKey(0), 'a', again);
    assert.equal(await storage.outbox.nextDueAt(), now + 30);
    assert.equal((await mailOf(storage, 0))?.lastError, 'busy');
    assert.deepEqual(await claim(storage, 'b', { at: now + 29 }), []);
    assert.deepEqual(await claim(storage, 'b', { at: now + 30 }), [idOf(0)]);
  },
  'outbox: only who holds the claim can settle it': async (storage) => {
    await queue(storage, 0);
    await storage.outbox.settle(mailKey(0), 'a', sent);
    assert.equal((await mailOf(storage, 0))?.state, 'queued');
    await claim(storage, 'a');
    for (const claimId of ['b', 'A', 'a ', '']) {
      await storage.outbox.settle(mailKey(0), claimId, sent);
      assert.equal((await mailOf(storage, 0))?.state, 'queued');
    }
    await claim(storage, 'b', { at: now + 100 });
    await storage.outbox.settle(mailKey(0), 'a', sent);
    assert.equal((await mailOf(storage, 0))?.state, 'queued');
    await storage.outbox.settle(mailKey(0), 'b', sent);
    assert.equal((await mailOf(storage, 0))?.state, 'sent');
  },
  'outbox: what is settled once is not settled again': async (storage) => {
    await queue(storage, 0);
    await claim(storage, 'a');
    await storage.outbox.settle(mailKey(0), 'a', sent);
    await storage.outbox.settle(mailKey(0), 'a', { ...sent, state: 'failed', lastError: 'late' });
    const mail = await mailOf(storage, 0);
    assert.deepEqual([mail?.state, mail?.lastError], ['sent', null]);
    await storage.outbox.settle({ invitationId: 'unknown', number: 1 }, 'a', sent);
    await storage.outbox.settle({ ...mailKey(0), number: 2 }, 'a', sent);
  },
  'outbox: a mail of a transaction that is undone is never claimed': async (storage) => {
    await found(storage);
    let claiming: Promise<readonly string[]> | undefined;
    const undone = storage.transaction('acme', async (tx) => {
      const invitation = sampleInvitation(0);
      await tx.insertInvitations([invitation]);
      await tx.insertMails([sampleMail(invitation)]);
      claiming = claim(storage, 'a');
      await Promise.race([claiming, pause(50)]);
      throw new Error('the work gives up');
    });
    await assert.rejects(undone);
    assert.deepEqual(await claiming, []);
  },
};
