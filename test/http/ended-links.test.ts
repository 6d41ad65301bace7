/** Over HTTP: what disabling says of invitations, and links that have ended. */
import { memoryStorage } from 'org-user-manager/memory';
import { describe, expect, test } from 'vitest';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { createTeam } from '../fixtures/team.ts';
import { adminIdentity, doors, person } from './doors.ts';

const secondAdmin = { ...person('u_2'), name: 'Second Admin' };
const members = '/org/api/members';
const invitations = '/org/api/invitations';

describe.each(doors)('through $name', ({ open }) => {
  async function start() {
    const team = await createTeam(memoryStorage());
    await team.join('u_2', 'admin');
    const send = await open(team.manager);
    const invite = async (name: string, as = adminIdentity) => {
      const { body } = await send('POST', `${invitations}/invite`, {
        as,
        body: { email: `${name}@acme.example.com` },
      });
      const { id, link } = Object(body).invitation;
      return { id, token: tokenIn(link) };
    };
    return { ...team, send, invite };
  }

  test('disabling counts what it revokes, and those links are gone', async () => {
    const { send, invite } = await start();
    const { token } = await invite('p', secondAdmin);
    await invite('q', secondAdmin);
    expect(await send('POST', `${members}/u_2/disable`)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { revokedInvitations: 2, keptInvitations: 0 },
    });
    const gone = { status: 410, body: { code: 'invitation_unusable' } };
    const body = { token };
    const as = person('p');
    expect(await send('POST', `${invitations}/preview`, { as: null, body })).toMatchObject(gone);
    expect(await send('POST', `${invitations}/accept`, { as, body })).toMatchObject(gone);
    expect(await send('GET', `${invitations}?status=pending`)).toMatchObject({
      body: { total: { count: 0, exact: true } },
    });
    await invite('p');
    expect(await send('POST', `${members}/u_2/disable`)).toMatchObject({
      body: { revokedInvitations: 0, keptInvitations: 0 },
    });
  });

  test('disabling keeps what it is asked to keep, and never for oneself', async () => {
    const { send, invite } = await start();
    const { token } = await invite('p', secondAdmin);
    const body = { keepInvitations: true };
    const own = await send('POST', `${members}/u_2/disable`, { as: secondAdmin, body });
    expect(own).toMatchObject({
      status: 400,
      body: { code: 'invalid_input', issues: [{ path: 'keepInvitations' }] },
    });
    for (const keepInvitations of ['true', 1, null]) {
      const wrong = await send('POST', `${members}/u_2/disable`, { body: { keepInvitations } });
      expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    }
    expect(await send('POST', `${members}/u_2/disable`, { body })).toMatchObject({
      status: 200,
      body: { revokedInvitations: 0, keptInvitations: 1 },
    });
    const accepted = await send('POST', `${invitations}/accept`, {
      as: person('p'),
      body: { token },
    });
    expect(accepted).toMatchObject({ status: 200, body: { userId: 'p' } });
  });

  test('a link that has ended answers as an unknown one does, byte for byte', async () => {
    const { send, invite, clock } = await start();
    const expired = await invite('expired');
    clock.set(clock.now() + 7 * 24 * 3_600_000);
    const revoked = await invite('revoked');
    const declined = await invite('declined');
    const accepted = await invite('accepted');
    const replaced = await invite('replaced');
    const orphaned = await invite('orphaned', secondAdmin);
    await send('POST', `${invitations}/${revoked.id}/revoke`);
    const use = (verb: string, token: string, as = person('u_9')) =>
      send('POST', `${invitations}/${verb}`, { as, body: { token } });
    await use('decline', declined.token, person('declined'));
    await use('accept', accepted.token, person('accepted'));
    clock.set(clock.now() + 60_000);
    await send('POST', `${invitations}/${replaced.id}/resend`, { body: { rotate: true } });
    await send('POST', `${members}/u_2/disable`);
    const links = { expired, revoked, declined, accepted, replaced, orphaned };
    const holders = (name: string) => [
      person('u_9'),
      { ...person('u_9'), emailVerified: false },
      { ...person('u_9'), email: `${name}@acme.example.com` },
      { ...person('u_9'), email: `${name}@acme.example.com`, emailVerified: false },
    ];
    for (const verb of ['accept', 'decline']) {
      const unknown = await use(verb, `oum_${'A'.repeat(60)}`);
      expect(unknown).toMatchObject({ status: 410, body: { code: 'invitation_unusable' } });
      for (const [name, { token }] of Object.entries(links)) {
        for (const as of holders(name)) {
          const { status, body } = await use(verb, token, as);
          expect([verb, name, status, sameForAll(body)]).toEqual([
            ...[verb, name, 410, sameForAll(unknown.body)],
          ]);
        }
      }
    }
    expect(await use('accept', accepted.token, person('accepted'))).toMatchObject({
      status: 200,
      body: { userId: 'accepted' },
    });
  });
});

/** A problem body as it is written, without the id of the one answer. */
function sameForAll(body: unknown): string {
  const { instance: _instance, ...problem } = Object(body);
  return JSON.stringify(problem);
}
