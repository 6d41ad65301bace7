import type { Mailer, MailMessage, OrgUserManager, Storage } from 'org-user-manager';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { describe, expect, test } from 'vitest';
import { createGate } from './fixtures/gate.ts';
import { createManager } from './fixtures/manager.ts';
import { nextEvent } from './fixtures/next-event.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { sqliteFile } from './fixtures/sqlite-file.ts';
import { storages } from './fixtures/storages.ts';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const email = 'new@acme.example.com';
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

async function invite(manager: OrgUserManager, address = email) {
  const result = await manager.invite({ orgId, actor: admin, email: address });
  if (result.outcome !== 'invited') throw new Error(result.outcome);
  return result.invitation;
}

async function deliveries(manager: OrgUserManager) {
  const { items } = await manager.listInvitations({ orgId, actor: admin, status: 'all' });
  return items.map(({ delivery }) => delivery);
}

/** A mailer that keeps what it is given after `before` has resolved. */
function mailerAfter(before: (message: MailMessage) => Promise<void>) {
  const sent: MailMessage[] = [];
  const mailer: Mailer = {
    async send(message) {
      await before(message);
      sent.push(message);
    },
  };
  return { sent, mailer };
}

describe.each(storages)('mail on $name', ({ create }) => {
  test('a failing mailer fails no invitation; it is tried again, then given up', async () => {
    const { manager, mailer, clock, errors } = await createTeam(create());
    mailer.failure = new Error(`mailbox unavailable ${'x'.repeat(300)}`);
    const lastError = mailer.failure.message.slice(0, 200);
    let failed = nextEvent(manager, 'mail.failed');
    const { id, delivery } = await invite(manager);
    expect(delivery).toEqual({ state: 'queued', attempts: 0, lastError: null });

    const waits = [30 * second, 5 * minute, 30 * minute, 2 * hour];
    for (const [index, wait] of waits.entries()) {
      expect(await failed).toEqual({ orgId, invitationId: id, at: clock.now(), final: false });
      await manager.deliverMail();
      expect(await deliveries(manager)).toEqual([
        { state: 'queued', attempts: index + 1, lastError },
      ]);
      failed = nextEvent(manager, 'mail.failed');
      clock.advance(wait - 1);
      await manager.deliverMail();
      expect(errors).toHaveLength(index + 1);
      clock.advance(1);
    }
    expect(await failed).toEqual({ orgId, invitationId: id, at: clock.now(), final: true });
    await manager.deliverMail();
    expect(await deliveries(manager)).toEqual([{ state: 'failed', attempts: 5, lastError }]);
    expect(errors).toEqual(Array(5).fill(mailer.failure));

    mailer.failure = undefined;
    clock.advance(24 * hour);
    await manager.deliverMail();
    expect(mailer.sent).toEqual([]);
    const resent = await manager.resend({ orgId, actor: admin, invitationId: id });
    expect(resent.delivery).toEqual({ state: 'queued', attempts: 0, lastError: null });
    await manager.deliverMail();
    expect(mailer.sent).toHaveLength(1);
    expect(await deliveries(manager)).toEqual([{ state: 'sent', attempts: 1, lastError: null }]);
  });

  test('every attempt at a mail carries the same message id and link', async () => {
    const tried: MailMessage[] = [];
    const { mailer, sent } = mailerAfter(async (message) => {
      tried.push(message);
      if (tried.length < 3) throw new Error('busy');
    });
    const { manager, clock } = await createTeam(create(), { mailer });
    const delivered = nextEvent(manager, 'mail.sent');
    const { id, link } = await invite(manager);
    await manager.deliverMail();
    clock.advance(30 * second);
    await manager.deliverMail();
    clock.advance(5 * minute);
    expect(await delivered).toEqual({ orgId, invitationId: id, at: clock.now() });
    const [first] = sent;
    expect(first).toMatchObject({ to: email });
    expect(first?.text).toContain(link);
    expect(first?.messageId).toMatch(/^<[0-9a-f-]{36}\.1@app\.acme\.example\.com>$/);
    expect(tried).toEqual([first, first, first]);
  });

  test('a newer mail replaces one that still waits', async () => {
    const { manager, mailer, clock, storage } = await createTeam(create());
    mailer.failure = new Error('busy');
    const { id } = await invite(manager);
    await manager.deliverMail();
    mailer.failure = undefined;
    clock.set(clock.now() + minute);
    await manager.resend({ orgId, actor: admin, invitationId: id });
    await manager.deliverMail();
    expect(mailer.sent).toHaveLength(1);
    expect(await deliveries(manager)).toEqual([{ state: 'sent', attempts: 1, lastError: null }]);
    expect(await storage.outbox.nextDueAt()).toBeUndefined();
  });

  test('what ended or expired before it was sent is not sent', async () => {
    const { manager, mailer, clock, storage } = await createTeam(create());
    mailer.failure = new Error('busy');
    const { id } = await invite(manager);
    await invite(manager, 'other@acme.example.com');
    await manager.deliverMail();
    await manager.revoke({ orgId, actor: admin, invitationId: id });
    mailer.failure = undefined;
    clock.set(clock.now() + 7 * 24 * hour);
    await manager.deliverMail();
    expect(mailer.sent).toEqual([]);
    expect((await deliveries(manager)).map(({ state }) => state)).toEqual([
      'cancelled',
      'cancelled',
    ]);
    expect(await storage.outbox.nextDueAt()).toBeUndefined();
  });

  test('a transaction that is undone leaves no mail', async () => {
    const storage = create();
    let broken = false;
    const failing: Storage = {
      ...storage,
      transaction: (org, work) =>
        storage.transaction(org, (tx) => {
          const insertAuditEntries: typeof tx.insertAuditEntries = (entries) =>
            broken ? Promise.reject(new Error('disk full')) : tx.insertAuditEntries(entries);
          return work({ ...tx, insertAuditEntries });
        }),
    };
    const { manager, mailer } = await createTeam(failing);
    const heard: unknown[] = [];
    manager.on('invitation.invited', (event) => void heard.push(event));
    broken = true;
    await expect(invite(manager)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: 'disk full' },
    });
    await manager.deliverMail();
    expect(await storage.outbox.nextDueAt()).toBeUndefined();
    expect(await deliveries(manager)).toEqual([]);
    expect([heard, mailer.sent]).toEqual([[], []]);
    broken = false;
    await invite(manager);
    await manager.deliverMail();
    expect([heard.length, mailer.sent.length]).toEqual([1, 1]);
  });

  test('what a dead process had claimed is sent by another one after the lease', async () => {
    const storage = create();
    const gate = createGate();
    const stuck = mailerAfter(() => gate.pass());
    // A dead process's clock stands still.
    const { manager } = await createTeam(storage, { mailer: stuck.mailer });
    const { link } = await invite(manager);
    await gate.reached;

    const heir = await createManager(storage);
    const { clock } = heir;
    await heir.manager.deliverMail();
    const leaseEnd = (await storage.outbox.nextDueAt()) ?? 0;
    expect(leaseEnd - clock.now()).toBeLessThanOrEqual(5 * minute);
    clock.advance(leaseEnd - clock.now() - 1);
    await heir.manager.deliverMail();
    expect(heir.mailer.sent).toEqual([]);
    const sent = nextEvent(heir.manager, 'mail.sent');
    clock.advance(1);
    await sent;
    await heir.manager.deliverMail();
    expect(heir.mailer.sent).toHaveLength(1);
    expect(heir.mailer.sent[0]?.text).toContain(link);
    expect(await deliveries(heir.manager)).toEqual([
      { state: 'sent', attempts: 2, lastError: null },
    ]);
    gate.open();
    await manager.deliverMail();
    expect(stuck.sent).toEqual(heir.mailer.sent);
  });

  test('a mailer that never answers holds up nobody for more than a minute', async () => {
    const gate = createGate();
    const stuck = mailerAfter(() => gate.pass());
    const { manager, clock } = await createTeam(create(), { mailer: stuck.mailer });
    await invite(manager);
    await gate.reached;
    const failed = nextEvent(manager, 'mail.failed');
    clock.advance(minute);
    await failed;
    expect(await deliveries(manager)).toMatchObject([
      { state: 'queued', lastError: 'the mailer did not answer in time' },
    ]);
  });

  test('a mail filter that quotes the link does not bring it into the database', async () => {
    const { manager, mailer } = await createTeam(create());
    const send = mailer.send.bind(mailer);
    mailer.send = async (message) => {
      await send(message);
      throw new Error(`554 blocked: ${/https:\S+/.exec(message.text)?.[0]}`);
    };
    const { link } = await invite(manager);
    await manager.deliverMail();
    const [delivery] = await deliveries(manager);
    expect(delivery?.lastError).toMatch(/^554 blocked: https:/);
    expect(delivery?.lastError).not.toContain(tokenIn(link ?? ''));
  });

  test('two managers that send at once send each mail once', async () => {
    const storage = create();
    const one = await createTeam(storage);
    const other = await createManager(storage, { clock: one.clock });
    one.mailer.failure = new Error('busy');
    const names = Array.from({ length: 45 }, (_, index) => `p${index}@acme.example.com`);
    await one.manager.inviteMany({ orgId, actor: admin, addresses: names });
    await one.manager.deliverMail();
    one.mailer.failure = undefined;
    one.clock.set(one.clock.now() + minute);
    await Promise.all([one.manager.deliverMail(), other.manager.deliverMail()]);
    const sent = [...one.mailer.sent, ...other.mailer.sent].map(({ to }) => to);
    expect(sent.sort()).toEqual(names.sort());
  });

  test('a slow mailer does not outlast its claims', async () => {
    const storage = create();
    const slow = mailerAfter(async () => {
      one.clock.set(one.clock.now() + 50 * second);
      await other.manager.deliverMail();
    });
    const one = await createTeam(storage, { mailer: slow.mailer });
    const other = await createManager(storage, { clock: one.clock });
    const names = Array.from({ length: 6 }, (_, index) => `p${index}@acme.example.com`);
    await one.manager.inviteMany({ orgId, actor: admin, addresses: names });
    await one.manager.deliverMail();
    const sent = [...slow.sent, ...other.mailer.sent].map(({ to }) => to);
    expect(sent.sort()).toEqual(names.sort());
  });

  test('close finishes the mail being sent and leaves the others to the next process', async () => {
    const storage = { ...create(), close: async () => undefined };
    const gate = createGate();
    const { mailer, sent } = mailerAfter(() => gate.pass());
    const one = await createTeam(storage, { mailer });
    const names = Array.from({ length: 3 }, (_, index) => `p${index}@acme.example.com`);
    await one.manager.inviteMany({ orgId, actor: admin, addresses: names });
    await gate.reached;
    const closed = one.manager.close();
    gate.open();
    await closed;
    expect(sent).toHaveLength(1);
    const next = await createManager(storage, { clock: one.clock });
    await next.manager.deliverMail();
    expect([...sent, ...next.mailer.sent].map(({ to }) => to).sort()).toEqual(names);
  });

  test('a mail that is queued while the last look ends is not forgotten', async () => {
    const storage = create();
    const gate = createGate();
    let slow = true;
    const outbox = {
      ...storage.outbox,
      async nextDueAt() {
        const at = await storage.outbox.nextDueAt();
        if (slow) await gate.pass();
        slow = false;
        return at;
      },
    };
    const { manager, mailer } = await createTeam({ ...storage, outbox });
    await invite(manager);
    await gate.reached;
    await invite(manager, 'other@acme.example.com');
    const delivered = manager.deliverMail();
    gate.open();
    await delivered;
    expect(mailer.sent.map(({ to }) => to)).toEqual([email, 'other@acme.example.com']);
  });

  test('trouble with the storage delays mail and loses none', async () => {
    const storage = create();
    let broken = true;
    const gone = { code: 'unavailable', cause: { message: 'gone' } };
    const outbox: Storage['outbox'] = {
      ...storage.outbox,
      claim: (lease) => (broken ? Promise.reject(new Error('gone')) : storage.outbox.claim(lease)),
    };
    const { manager, clock, errors } = await createTeam({ ...storage, outbox });
    await invite(manager);
    await expect(manager.deliverMail()).rejects.toMatchObject(gone);
    // Told of each look: after the migration, and after the invitation.
    expect(errors).toMatchObject([gone, gone]);
    broken = false;
    const sent = nextEvent(manager, 'mail.sent');
    clock.advance(5 * minute);
    await sent;
  });

  test('names in a mail can neither link nor break a line', async () => {
    const { manager, mailer } = await createManager(create());
    const actor = { userId: 'u_1' };
    await manager.createOrganization({
      orgId,
      name: 'Win at https://evil.example.com/x <b>now</b>',
      admin: { ...actor, email: 'u_1@acme.example.com', name: 'www.evil.example.org' },
    });
    await manager.invite({ orgId, actor, email });
    await manager.deliverMail();
    const [mail] = mailer.sent;
    for (const part of [mail?.subject, mail?.text, mail?.html]) {
      expect(part).not.toMatch(/https:\/\/evil|evil\.example/);
    }
    expect(mail?.html).not.toContain('<b>now');
    expect(mail?.subject).toMatch(/^You are invited to join Win at [^\n\r]+$/);
  });
});

test('a process that starts on the file of a dead one sends what that one left', async () => {
  const filename = sqliteFile();
  const dead = await createTeam(sqliteStorage({ filename, driver: 'better-sqlite3' }));
  dead.mailer.failure = new Error('busy');
  await invite(dead.manager);
  await dead.manager.deliverMail();
  await dead.manager.close();
  const heir = await createManager(sqliteStorage({ filename, driver: 'node:sqlite' }));
  heir.clock.set(dead.clock.now() + minute);
  await heir.manager.deliverMail();
  expect(heir.mailer.sent).toHaveLength(1);
});
