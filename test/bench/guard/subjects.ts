import { memoryStorage } from '../../../adapters/storage/memory/index.ts';
import type { Identity, UsageGuardOptions } from '../../../src/http/index.ts';
import { OrgUserManager } from '../../../src/index.ts';

/** How many people take turns. */
export const people = 1000;

/** Who sends the n-th request. */
export const userOf = (n: number) => `u_${n % people}`;

const orgId = 'acme';
const identities = new Map<string, Identity>(
  Array.from({ length: people }, (_, n) => {
    const userId = userOf(n);
    return [userId, { userId, email: `${userId}@acme.example.com`, emailVerified: true, orgId }];
  }),
);

/** Whom the host finds under a name. */
export const identityOf = (user: string) => identities.get(user) ?? null;

/** A request as the guards of every side see it. */
export interface Subject {
  readonly user: string;
}

/** The options of a guard of ours: the sign-in is a look-up, as it is for the peers' keys. */
export const guardOptions: UsageGuardOptions<Subject> = {
  identify: ({ user }) => identityOf(user),
};

/** A manager in memory whose people may use so much a day and a month. */
export async function createManager(limits: {
  readonly daily?: number;
  readonly monthly?: number;
}): Promise<OrgUserManager> {
  const storage = memoryStorage();
  const manager = new OrgUserManager({
    storage,
    mailer: { send: async () => undefined },
    secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
    baseUrl: 'https://app.acme.example.com/org',
  });
  await manager.createOrganization({
    orgId,
    name: 'Acme',
    admin: { userId: userOf(0), email: 'u_0@acme.example.com' },
  });
  await storage.transaction(orgId, async (tx) => {
    const { members } = await tx.load({ orgId, userIds: [userOf(0)] });
    for (const [admin] of [members]) {
      if (!admin) throw new Error('no admin');
      for (let n = 1; n < people; n++) {
        const userId = userOf(n);
        const address = `${userId}@acme.example.com`;
        await tx.insertMember({ ...admin, userId, address, role: 'member' });
      }
    }
  });
  for (let n = 0; n < people; n++) {
    await manager.setLimit({ orgId, actor: { userId: userOf(0) }, userId: userOf(n), ...limits });
  }
  return manager;
}
