/** Support restores who was disabled, when there is a seat. */
import { memoryStorage } from 'org-user-manager/memory';
import { OrgUserSupport } from 'org-user-manager/support';
import { expect, test } from 'vitest';
import { createManager } from './fixtures/manager.ts';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { describeEach } from './fixtures/servers.ts';
import { allStorages } from './fixtures/storages.ts';
import { account, admin, orgId } from './fixtures/team.ts';

const restoring = { orgId, userId: 'u_1', operator: 'desk-2', reason: 'Ticket 4711' };

describeEach(allStorages())('support on $name', ({ create }) => {
  test('restoring at the seat limit is refused by name, and works once a seat is free', async () => {
    const { manager, storage, clock } = await createManager(create());
    await manager.createOrganization({
      ...{ orgId, name: 'Acme', memberLimit: 2 },
      admin: { userId: admin.userId, email: 'admin@acme.example.com' },
    });
    const call = { orgId, actor: admin };
    const join = async (userId: string) => {
      const result = await manager.invite({ ...call, email: account(userId).email });
      const token = tokenIn(('invitation' in result && result.invitation.link) || '');
      await manager.accept({ token, account: account(userId) });
    };
    await join('u_1');
    await manager.disable({ ...call, userId: 'u_1' });
    await join('u_2');
    const support = new OrgUserSupport({ storage, clock });
    await expect(support.restore(restoring)).rejects.toMatchObject({
      code: 'member_limit_reached',
      isRetryable: false,
      details: { limit: 2 },
    });
    expect(await manager.member({ ...call, userId: 'u_1' })).toMatchObject({ status: 'disabled' });
    await manager.disable({ ...call, userId: 'u_2' });
    await support.restore(restoring);
    expect(await manager.member({ ...call, userId: 'u_1' })).toMatchObject({ status: 'active' });
  });
});

test.each([
  ['no storage', {}, 'storage'],
  ['no storage on purpose', { storage: undefined }, 'storage'],
  ['a storage that is none', { storage: { load: () => undefined } }, 'storage'],
  ['a clock without a time', { storage: memoryStorage(), clock: {} }, 'clock'],
  ['a random source that is no function', { storage: memoryStorage(), random: 7 }, 'random'],
  ['an option it does not know', { storage: memoryStorage(), secret: 'x' }, 'secret'],
])('support is not made with %s', (_, options, path) => {
  expect(() => Reflect.construct(OrgUserSupport, [options])).toThrow(
    expect.objectContaining({
      code: 'invalid_options',
      details: { issues: [expect.objectContaining({ path })] },
    }),
  );
});
