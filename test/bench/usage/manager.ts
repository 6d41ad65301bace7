import { OrgUserManager, type Storage } from '../../../src/index.ts';
import { tokenIn } from '../../fixtures/recording-mailer.ts';
import { mariaDbPeer, type Peer, postgresPeer, sqlitePeer } from './peers.ts';
import { match } from './speed.ts';
import { type OpenStore, openMariaDb, openPostgres, openSqlite } from './stores.ts';

const members = 100;
const orgId = 'acme';
const actor = { userId: 'admin' };
const limits = { daily: 1_000_000_000, monthly: 1_000_000_000 };

/** A manager with an organization of `user-0`, `user-1` and so on, each with both limits. */
async function openTeam(storage: Storage): Promise<OrgUserManager> {
  const manager = new OrgUserManager({
    storage,
    mailer: { send: async () => undefined },
    secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
    baseUrl: 'https://app.example.com/org',
  });
  await manager.createOrganization({
    orgId,
    name: 'Acme',
    admin: { ...actor, email: 'admin@example.com' },
  });
  for (let index = 0; index < members; index += 1) {
    const userId = `user-${index}`;
    const email = `${userId}@example.com`;
    const invited = await manager.invite({ orgId, actor, email });
    const token = tokenIn('invitation' in invited ? (invited.invitation.link ?? '') : '');
    await manager.accept({ token, account: { userId, email, emailVerified: true, name: 'Sam' } });
    await manager.setLimit({ orgId, actor, userId, ...limits });
  }
  return manager;
}

const engines: Readonly<Record<string, () => Promise<readonly [OpenStore, Peer]>>> = {
  SQLite: () => beside(openSqlite, ({ place }) => sqlitePeer(Object(place).filename)),
  PostgreSQL: () => beside(openPostgres, ({ place }) => postgresPeer(Object(place))),
  MariaDB: () => beside(openMariaDb, ({ place }) => mariaDbPeer(Object(place))),
};

async function beside(open: () => Promise<OpenStore>, peerOf: (at: OpenStore) => Promise<Peer>) {
  const opened = await open();
  return [opened, await peerOf(opened)] as const;
}

/**
 * A whole `manager.consume()`, which also asks the database whether the member may come in and counts
 * in the organization's windows, beside the union of the peer, which asks and counts neither.
 */
export async function benchManager(rounds: number): Promise<void> {
  for (const [engine, open] of Object.entries(engines)) {
    const [{ storage, close }, peer] = await open();
    const manager = await openTeam(storage);
    for (const [title, load] of Object.entries({
      'one at a time': { users: members, charges: 60, atOnce: 1 },
      '64 at once': { users: members, charges: 640, atOnce: 64 },
    })) {
      const most = load.atOnce === 1 ? 2 : 1;
      await match(
        {
          title: `manager.consume() on ${engine}, ${members} members, ${title}`,
          ours: (userId) => manager.consume({ orgId, userId }),
          peer,
          load,
          goals: [{ id: 'end to end', peer: 'union, day and month', by: 'wall', most }],
        },
        rounds,
      );
    }
    await manager.close();
    await peer.close();
    await close();
  }
}
