import { type OrgUserManager, systemActor } from 'org-user-manager';
import { demoAccount } from './people.ts';

export const orgId = 'acme';

async function join(manager: OrgUserManager, userId: string): Promise<void> {
  const account = demoAccount(userId);
  if (!account) throw new Error(`not a demo user: ${userId}`);
  const result = await manager.invite({ orgId, actor: systemActor, email: account.email });
  if (result.outcome !== 'invited') throw new Error(`${userId}: ${result.outcome}`);
  const token = result.invitation.link?.split('#token=')[1] ?? '';
  await manager.accept({ token, account: { ...account, emailVerified: true } });
}

/** One organization with an admin, a member near the daily limit, and one who was disabled. */
export async function seed(manager: OrgUserManager): Promise<void> {
  const timeZone = 'Europe/Amsterdam';
  const admin = { userId: 'admin', email: 'admin@acme.example.com', name: 'Admin' };
  await manager.createOrganization({ orgId, name: 'Acme', admin, timeZone });
  const actor = { userId: 'admin' };
  for (const userId of ['member', 'near-limit', 'former-member']) await join(manager, userId);
  await manager.setLimit({ orgId, actor, userId: 'near-limit', daily: 100, monthly: 1000 });
  await manager.consume({ orgId, userId: 'near-limit', activity: 'search', cost: 80 });
  await manager.consume({ orgId, userId: 'member', activity: 'export', cost: 15 });
  await manager.disable({ orgId, actor, userId: 'former-member' });
  await manager.invite({ orgId, actor, email: 'newcomer@acme.example.com' });
}
