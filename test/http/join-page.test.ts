import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { createTeam } from '../fixtures/team.ts';
import { doors, fetchDoor } from './doors.ts';

describe.each(doors)('the join page through $name', ({ open }) => {
  test('is served without sign-in, for every mount path, and with a strict policy', async () => {
    const { manager } = await createTeam(memoryStorage());
    const send = await open(manager);
    const page = await send('GET', '/org/join', { as: null });
    expect(page).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      },
      body: expect.stringContaining('<html lang="en">'),
    });
    const html = String(page.body);
    expect(html).not.toMatch(/<script(?![^>]* src=)|style=|\son\w+=/);
    for (const [, address = ''] of html.matchAll(/(?:src|href)="([^"]*)"/g)) {
      expect(address).toMatch(/^[\w.]+$/);
      expect(await send('GET', `/org/${address}`, { as: null })).toMatchObject({ status: 200 });
    }
    expect(await send('HEAD', '/org/join', { as: null })).toMatchObject({ status: 200, body: '' });
  });

  test('has a script that parses and writes text only', async () => {
    const { manager } = await createTeam(memoryStorage());
    const send = await open(manager);
    const { headers, body } = await send('GET', '/org/join.js', { as: null });
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(() => new Function(String(body))).not.toThrow();
    expect(body).not.toMatch(/innerHTML|insertAdjacent|document\.write|eval/);
  });
});

test.each([
  ['\u202Eemca\u202C Inc', 'emca Inc'],
  ['\u2066Acme\u2069\u200B', 'Acme'],
  ['Acme\u2028Support', 'Acme Support'],
  ['evil.example.org', 'evil. example. org'],
  ['\u202E\u2066\u3164', 'an organization'],
])('the preview shows an organization called %j as a mail does', async (name, shown) => {
  const { manager, mailer } = await createTeam(memoryStorage());
  const admin = { userId: 'u_boss', email: 'boss@acme.example.com' };
  await manager.createOrganization({ orgId: 'odd', name, admin });
  const actor = { userId: admin.userId };
  await manager.invite({ orgId: 'odd', actor, email: 'new@acme.example.com' });
  await manager.deliverMail();
  const mail = mailer.sent.at(-1)?.text ?? '';
  expect(mail).toContain(` to join ${shown} as a member.`);
  const send = await fetchDoor.open(manager);
  const body = { token: tokenIn(mail) };
  expect(await send('POST', '/org/api/invitations/preview', { as: null, body })).toMatchObject({
    status: 200,
    body: { organizationName: shown },
  });
});
