import { expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const call = { orgId, actor: admin };

describeEach(allStorages())('the invite policy on $name', ({ create }) => {
  test('is open until it is set, keeps what is left out, and shows in the organization', async () => {
    const { manager } = await createTeam(create());
    const open = {
      allowedDomains: [],
      blockedDomains: [],
      role: 'member',
      limit: { daily: null, monthly: null },
    };
    expect(await manager.organization(call)).toMatchObject({
      ...{ orgId, name: 'Acme', memberLimit: null, activeAdmins: 1, activeMembers: 1 },
      invitePolicy: open,
    });
    const blockedDomains = ['Ünï.Example.COM', '*.example.org', '*.example.org', ' *.com '];
    const set = await manager.setInvitePolicy({ ...call, blockedDomains, limit: { daily: 5 } });
    expect(set).toEqual({
      ...open,
      blockedDomains: ['xn--n-nga1b.example.com', '*.example.org', '*.com'],
      limit: { daily: 5, monthly: null },
    });
    await manager.setInvitePolicy({ ...call, role: 'admin', limit: { monthly: 9 } });
    const { invitePolicy } = await manager.organization(call);
    expect(invitePolicy).toEqual({ ...set, role: 'admin', limit: { daily: 5, monthly: 9 } });
  });

  test('decides whose addresses are invited, at every door', async () => {
    const { manager, clock } = await createTeam(create());
    const earlier = await manager.invite({ ...call, email: 'early@acme.example.net' });
    await manager.setInvitePolicy({
      ...call,
      allowedDomains: ['acme.example.com', '*.acme.example.com'],
      blockedDomains: ['lab.acme.example.com'],
    });
    const verdicts = {
      'a@acme.example.com': 'invited',
      'a@eu.acme.example.com': 'invited',
      'a@x.eu.acme.example.com': 'invited',
      'a@lab.acme.example.com': 'domain_not_allowed',
      'a@notacme.example.com': 'domain_not_allowed',
      'a@example.com': 'domain_not_allowed',
      'a@acme.example.com.example.net': 'domain_not_allowed',
      'early@acme.example.net': 'already_invited',
    };
    const addresses = Object.keys(verdicts);
    const report = await manager.bulkExtract({ ...call, text: addresses.join('\n') });
    expect(report.entries.map(({ standing }) => standing)).toEqual(
      Object.values(verdicts).map((verdict) => (verdict === 'invited' ? 'ready' : verdict)),
    );
    expect(report.entries.at(-1)?.invitation).toMatchObject({
      address: 'early@acme.example.net',
      resendableAt: new Date(clock.now() + 60_000),
    });
    const results = await manager.inviteMany({ ...call, addresses });
    expect(results.map(({ outcome }) => outcome)).toEqual(Object.values(verdicts));
    expect(await manager.invite({ ...call, email: 'b@example.com' })).toEqual({
      outcome: 'domain_not_allowed',
      address: 'b@example.com',
    });
    const invitationId = 'invitation' in earlier ? earlier.invitation.id : '';
    clock.advance(60_000);
    await expect(manager.resend({ ...call, invitationId })).rejects.toMatchObject({
      code: 'domain_not_allowed',
    });
    // Who was invited before may still come.
    const token = tokenIn(('invitation' in earlier && earlier.invitation.link) || '');
    await manager.accept({ token, account: account('u_e', 'early@acme.example.net') });
  });

  test('says what the invited get, unless the invitation does', async () => {
    const { manager } = await createTeam(create());
    const limit = { daily: 5, monthly: 50 };
    await manager.setInvitePolicy({ ...call, role: 'admin', limit });
    const results = await manager.inviteMany({
      ...call,
      addresses: ['p1@acme.example.com', 'P2@acme.example.com', 'p3@acme.example.com'],
      limit: { daily: 7 },
      perAddress: {
        'p2@ACME.example.com': {
          role: 'member',
          limit: { daily: null },
          name: 'Pat Two',
          phone: '+14155550123',
        },
        'p3@acme.example.com': { limit: { monthly: 0 } },
      },
    });
    expect(results).toMatchObject([
      { invitation: { role: 'admin', limit: { daily: 7, monthly: 50 }, name: null, phone: null } },
      {
        invitation: {
          ...{ role: 'member', name: 'Pat Two', phone: '+14155550123' },
          limit: { daily: null, monthly: 50 },
        },
      },
      { invitation: { role: 'admin', limit: { daily: 7, monthly: 0 } } },
    ]);
    for (const [index, result] of results.entries()) {
      if (result.outcome !== 'invited') throw new Error(result.outcome);
      const { name: _, ...person } = account(`u_${index}`, result.address);
      await manager.accept({ token: tokenIn(result.invitation.link ?? ''), account: person });
      expect(await manager.member({ ...call, userId: person.userId })).toMatchObject({
        role: result.invitation.role,
        limit: result.invitation.limit,
        name: result.invitation.name,
        phone: result.invitation.phone,
      });
    }
    expect(await manager.consume({ orgId, userId: 'u_2' })).toMatchObject({
      allowed: false,
      violated: ['user-month'],
    });
  });

  test('is nobody’s to change but by setting it', async () => {
    const { manager } = await createTeam(create());
    const set = await manager.setInvitePolicy({ ...call, allowedDomains: ['example.com'] });
    const seen = await manager.organization(call);
    for (const { allowedDomains } of [set, seen.invitePolicy]) {
      Reflect.apply(Array.prototype.push, allowedDomains, ['evil.example.org']);
    }
    const { invitePolicy } = await manager.organization(call);
    expect(invitePolicy.allowedDomains).toEqual(['example.com']);
  });

  test('is an admin’s to set', async () => {
    const { manager, join } = await createTeam(create());
    const member = await join('u_1');
    for (const actor of [member, { userId: 'u_stranger' }]) {
      await expect(manager.setInvitePolicy({ orgId, actor, role: 'admin' })).rejects.toThrow();
      await expect(manager.organization({ orgId, actor })).rejects.toThrow();
    }
    expect((await manager.organization(call)).invitePolicy.role).toBe('member');
  });
});
