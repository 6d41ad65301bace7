import { existsSync, readFileSync } from 'node:fs';
import type { OrgUserManager, OrgUserManagerOptions, Storage } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { describe, expect, test } from 'vitest';
import { codeOf } from './fixtures/code-of.ts';
import { createManager, secret } from './fixtures/manager.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { dump, openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';
import { tracesOf } from './fixtures/token-traces.ts';

const newSecret = 'Wd8Rk2Zp5Xt9Bv3Nq7Lm4Hj6Fs1Gc0Ye';
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

async function inviteTen(manager: OrgUserManager) {
  const addresses = Array.from({ length: 10 }, (_, index) => `p${index}@acme.example.com`);
  await manager.inviteMany({ orgId, actor: admin, addresses });
  const { items } = await manager.listInvitations({ orgId, actor: admin });
  return items.map(({ id, link }) => ({ id, link: link ?? '', token: tokenIn(link ?? '') }));
}

/** The links that a manager with these options would show. */
async function linksFrom(storage: Storage, options: Partial<OrgUserManagerOptions>) {
  const { manager } = await createManager({ ...storage, close: async () => undefined }, options);
  const { items } = await manager.listInvitations({ orgId, actor: admin });
  return items.map(({ link }) => tokenIn(link ?? ''));
}

const preview = (manager: OrgUserManager, token: string) =>
  codeOf(manager.previewInvitation({ token }));

const bodyOf = (token: string) => Buffer.from(token.slice(4), 'base64url');
const tokenOf = (...parts: readonly Buffer[]) =>
  `oum_${Buffer.concat(parts).toString('base64url')}`;

describe('a copy of the database', () => {
  test('holds no token, link, MAC or secret, in no row and in no byte of the file', async () => {
    const filename = sqliteFile();
    const { manager, clock } = await createTeam(sqliteStorage({ filename }));
    const invitations = await inviteTen(manager);
    await manager.deliverMail();
    const [first, second, third] = invitations;
    if (!first || !second || !third) throw new Error('too few');
    const { address } = await manager
      .listInvitations({ orgId, actor: admin })
      .then(({ items }) => items[0] ?? { address: '' });
    await manager.accept({ token: first.token, account: account('u_p', address) });
    await manager.revoke({ orgId, actor: admin, invitationId: second.id });
    clock.advance(60_000);
    await manager.resend({ orgId, actor: admin, invitationId: third.id, rotate: true });
    await manager.deliverMail();
    const rows = JSON.stringify(dump(openRaw(filename)));
    expect(rows).toContain(address);
    const bytes = ['', '-wal', '-shm', '-journal']
      .map((suffix) => filename + suffix)
      .filter(existsSync)
      .map((name) => readFileSync(name));
    expect(Buffer.concat(bytes).includes(address)).toBe(true);
    for (const { token, link } of invitations) {
      expect(rows).not.toContain(link);
      for (const trace of tracesOf(token)) {
        expect(rows.includes(trace.toString())).toBe(false);
        expect(bytes.some((file) => file.includes(trace))).toBe(false);
      }
    }
    expect(bytes.some((file) => file.includes(secret))).toBe(false);
  });

  test('makes no working link with any other secret', async () => {
    const { manager, storage } = await createTeam(memoryStorage());
    const genuine = (await inviteTen(manager)).map(({ token }) => token);
    const guesses = await linksFrom(storage, { secret: newSecret });
    for (const [index, guess] of guesses.entries()) {
      expect(await preview(manager, guess)).toBe('invitation_unusable');
      // The id is in the database, and the key id in every link ever seen.
      const body = bodyOf(genuine[0] ?? '');
      const forged = tokenOf(body.subarray(0, 4), bodyOf(guess).subarray(4));
      expect(await preview(manager, forged)).toBe('invitation_unusable');
      expect(await preview(manager, genuine[index] ?? '')).toBe('done');
    }
  });

  test.each([
    `address = 'evil@acme.example.com', pending_address = 'evil@acme.example.com'`,
    `org_id = 'other'`,
    `id = 'other'`,
    'generation = 2',
  ])('that is written to (%s) bends no link', async (change) => {
    const filename = sqliteFile();
    const { manager } = await createTeam(sqliteStorage({ filename }));
    const other = { userId: 'u_o', email: 'u_o@acme.example.com' };
    await manager.createOrganization({ orgId: 'other', name: 'Other', admin: other });
    const invited = await manager.invite({ orgId, actor: admin, email: 'p@acme.example.com' });
    const token = tokenIn('invitation' in invited ? (invited.invitation.link ?? '') : '');
    await manager.deliverMail();
    expect(await preview(manager, token)).toBe('done');
    const database = openRaw(filename);
    expect(database.prepare(`update oum_invitation set ${change}`).run().changes).toBe(1);
    const joining = manager.accept({ token, account: account('u_e', 'evil@acme.example.com') });
    expect(await codeOf(joining)).toBe('invitation_unusable');
  });
});

describe('a token', () => {
  test('with any character changed, cut or added is refused', async () => {
    const { manager } = await createTeam(memoryStorage());
    const [{ token } = { token: '' }] = await inviteTen(manager);
    expect(token).toMatch(/^oum_[A-Za-z0-9_-]{70}$/);
    for (let at = 0; at < token.length; at += 1) {
      const character = token[at] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      expect([at, await preview(manager, changed)]).toEqual([at, 'invitation_unusable']);
    }
    // 70 characters hold four bits more than 52 bytes: one token must not have sixteen spellings.
    const spellings = Array.from(alphabet, (character) => token.slice(0, -1) + character);
    const good = [];
    for (const spelling of spellings) {
      if ((await preview(manager, spelling)) === 'done') good.push(spelling);
    }
    expect(good).toEqual([token]);
    const others = [
      '',
      'oum_',
      token.slice(0, -1),
      token.slice(4),
      `${token}A`,
      `${token}=`,
      `${token}\n`,
      ` ${token}`,
      token.toUpperCase(),
      token.replace('oum_', 'OUM_'),
      `${token}${token}`,
      'x'.repeat(100_000),
    ];
    for (const other of others) expect(await preview(manager, other)).toBe('invitation_unusable');
  });

  test('mixed from parts of two is refused', async () => {
    const { manager } = await createTeam(memoryStorage());
    const [one, two] = (await inviteTen(manager)).map(({ token }) => bodyOf(token));
    if (!one || !two) throw new Error('too few');
    const zero = Buffer.alloc(52);
    for (const mixed of [
      tokenOf(one.subarray(0, 20), two.subarray(20)),
      tokenOf(two.subarray(0, 20), one.subarray(20)),
      tokenOf(zero.subarray(0, 4), one.subarray(4)),
      tokenOf(one.subarray(0, 20), zero.subarray(20)),
      tokenOf(zero),
    ]) {
      expect(await preview(manager, mixed)).toBe('invitation_unusable');
    }
  });

  test('a cursor is none', async () => {
    const { manager } = await createTeam(memoryStorage());
    await inviteTen(manager);
    const page = await manager.listInvitations({ orgId, actor: admin, limit: 1 });
    expect(await preview(manager, `oum_${page.nextCursor}`)).toBe('invitation_unusable');
  });
});

describe('secrets in rotation', () => {
  test('links made with an old secret work until it is removed, new ones use the first', async () => {
    const { manager, storage } = await createTeam(memoryStorage());
    const [{ token: old } = { token: '' }] = await inviteTen(manager);
    const rotating = { secret: [newSecret, secret] };
    const { manager: both } = await createManager(storage, rotating);
    const { manager: after } = await createManager(storage, { secret: [newSecret] });
    const [shown = ''] = await linksFrom(storage, rotating);
    expect(shown).not.toBe(old);
    expect(await preview(both, old)).toBe('done');
    expect(await preview(both, shown)).toBe('done');
    expect(await preview(after, shown)).toBe('done');
    expect(await preview(after, old)).toBe('invitation_unusable');
    expect(await preview(manager, shown)).toBe('invitation_unusable');
  });

  test('so do cursors', async () => {
    const { manager, storage } = await createTeam(memoryStorage());
    await inviteTen(manager);
    const list = { orgId, actor: admin, limit: 3 };
    const cursor = (await manager.listInvitations(list)).nextCursor ?? '';
    const { manager: both } = await createManager(storage, { secret: [newSecret, secret] });
    const { manager: after } = await createManager(storage, { secret: newSecret });
    expect((await both.listInvitations({ ...list, cursor })).items).toHaveLength(3);
    expect(await codeOf(after.listInvitations({ ...list, cursor }))).toBe('invalid_cursor');
  });

  test('so do plans', async () => {
    const { manager, storage } = await createTeam(memoryStorage());
    const list = { orgId, actor: admin };
    const planOf = (of: typeof manager) =>
      of.bulkExtract({ ...list, text: 'p1@acme.example.com, p2@acme.example.com' });
    const { planId } = await planOf(manager);
    const { manager: both } = await createManager(storage, { secret: [newSecret, secret] });
    const { manager: after } = await createManager(storage, { secret: newSecret });
    expect(await codeOf(after.inviteMany({ ...list, planId }))).toBe('invalid_plan');
    expect(await both.inviteMany({ ...list, planId })).toMatchObject([
      { outcome: 'invited' },
      { outcome: 'invited' },
    ]);
    const { planId: next } = await planOf(both);
    expect(await codeOf(after.inviteMany({ ...list, planId: next }))).not.toBe('invalid_plan');
  });
});
