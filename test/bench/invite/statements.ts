import type { Engine, StatementCount } from './engines.ts';
import { actor, newAddresses, openOurs } from './ours.ts';
import { openPeer } from './peer.ts';

/** Prints how many SQL statements the calls take, what begins and ends a transaction left out. */
export async function countStatements(engine: Engine): Promise<void> {
  const mine = { statements: 0 };
  const { manager, createOrganization, tokenFor } = await openOurs(await engine.open(), {
    count: mine,
  });
  const orgId = await createOrganization();
  const token = await tokenFor(orgId, 'ana@example.com');
  const account = { userId: 'u_ana', email: 'ana@example.com', emailVerified: true, name: 'Ana' };
  const bulk = (size: number) => () =>
    manager.inviteMany({ orgId, actor, addresses: [...newAddresses(size)] });
  await print(mine, `${engine.name}, ours`, {
    invite: () => manager.invite({ orgId, actor, email: 'petr@example.org' }),
    'inviteMany of 1': bulk(1),
    'of 10': bulk(10),
    'of 1,000': bulk(1_000),
    accept: () => manager.accept({ token, account }),
    'list a page': () => manager.listInvitations({ orgId, actor, limit: 100 }),
  });
  const theirs = { statements: 0 };
  const peer = await openPeer(engine, await engine.open(), { count: theirs });
  const organizationId = await peer.createOrganization();
  const ana = await peer.signUp('ana@example.com');
  const invitationId = await peer.invite(organizationId, ana.email);
  await print(theirs, `${engine.name}, better-auth`, {
    invite: () => peer.invite(organizationId, 'petr@example.org'),
    accept: () => peer.accept(invitationId, ana),
    'list a page': () => peer.list(organizationId),
  });
}

async function print(
  count: StatementCount,
  title: string,
  calls: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const shown: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    count.statements = 0;
    await call();
    shown.push(`${name} ${count.statements}`);
  }
  console.log(`${title}, statements: ${shown.join(', ')}`);
}
