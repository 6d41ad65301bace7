import { inspect } from 'node:util';
import { OrgUserManager } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { OrgUserSupport } from 'org-user-manager/support';
import { expect, test } from 'vitest';
import { allEvents } from './fixtures/all-events.ts';
import { secret } from './fixtures/manager.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';
import { tracesOf } from './fixtures/token-traces.ts';

/** Keeps everything that calls answer and throw. */
function createListener() {
  const told: unknown[] = [];
  return {
    told,
    async tell<T>(call: Promise<T>): Promise<T | undefined> {
      try {
        const answer = await call;
        told.push(answer);
        return answer;
      } catch (error) {
        told.push(error, inspect(error, { depth: 9, showHidden: true }));
        return undefined;
      }
    },
    /** All of it as one text, without the links that an admin is shown. */
    text: () =>
      JSON.stringify(told, (key, value) => {
        if (key === 'link') return undefined;
        return value instanceof Error ? { ...value, stack: value.stack } : value;
      }),
  };
}

test('no token, link or secret is told to anyone but an admin and the invited person', async () => {
  const { manager, mailer, clock, storage, errors, join } = await createTeam(memoryStorage());
  const { told, tell, text } = createListener();
  for (const name of allEvents) manager.on(name, (event) => void told.push(name, event));
  const call = { orgId, actor: admin };
  const tokens: string[] = [];
  const ids: string[] = [];
  mailer.failure = new Error('busy');
  for (const name of ['u_1', 'u_2', 'u_3', 'u_4']) {
    const result = await tell(manager.invite({ ...call, email: account(name).email }));
    if (result?.outcome !== 'invited') throw new Error('not invited');
    tokens.push(tokenIn(result.invitation.link ?? ''));
    ids.push(result.invitation.id);
  }
  await manager.deliverMail();
  mailer.failure = undefined;
  const [one = '', two = '', three = ''] = tokens;
  const invitationId = ids[3] ?? '';
  clock.advance(60_000);
  const rotated = await tell(manager.resend({ ...call, invitationId, rotate: true }));
  tokens.push(tokenIn(rotated?.link ?? ''));
  await tell(manager.resend({ ...call, invitationId }));
  await manager.deliverMail();
  for (const token of [...tokens, `${one}x`, one.slice(1)]) {
    await tell(manager.previewInvitation({ token }));
    await tell(manager.accept({ token, account: account('u_x') }));
  }
  await tell(manager.accept({ token: one, account: account('u_1') }));
  await tell(manager.accept({ token: one, account: account('u_1') }));
  await tell(manager.decline({ token: two, account: account('u_2') }));
  await tell(manager.decline({ token: two, account: account('u_2') }));
  const misspelt = { token: three, account: account('u_3'), tokn: three };
  await tell(manager.accept(misspelt));
  await tell(manager.invite({ ...call, email: `${secret} ${three}` }));
  await tell(manager.listInvitations({ ...call, cursor: three }));
  await tell(manager.bulkExtract({ ...call, text: 'u_3@acme.example.com' }));
  await tell(manager.inviteMany({ ...call, addresses: ['u_3@acme.example.com'] }));
  await tell(manager.listInvitations({ ...call, status: 'all' }));
  await tell(manager.listMembers(call));
  await tell(manager.setLimit({ ...call, userId: 'u_1', daily: 0 }));
  await tell(manager.consume({ orgId, userId: 'u_1' }));
  await tell(manager.usage({ ...call, userId: 'u_1' }));
  await tell(manager.revoke({ ...call, invitationId }));
  await tell(join('u_5'));
  await tell(manager.disable({ ...call, userId: 'u_1' }));
  const support = new OrgUserSupport({ storage, clock });
  await tell(support.restore({ orgId, userId: 'u_1', operator: 'desk', reason: 'test' }));
  const { storage: _storage, mailer: _mailer, ...settings } = manager.settings;
  told.push(errors, settings, inspect(manager, { depth: 2, showHidden: true }));
  for (const wrong of [{ secret: 'short' }, { secret: [secret, 'x'], baseUrl: secret }]) {
    await tell((async () => new OrgUserManager({ ...manager.settings, ...wrong }))());
  }

  expect(mailer.sent.length).toBeGreaterThan(3);
  const everything = text();
  for (const code of ['invitation_unusable', 'wrong_account', 'invalid_input', 'invalid_options']) {
    expect(everything.includes(code)).toBe(true);
  }
  const traces = [...new Set(tokens)].flatMap((token) => tracesOf(token).map(String));
  expect(['oum_', secret, ...traces].filter((trace) => everything.includes(trace))).toEqual([]);
});
