import { actor, newAddresses } from './ours.ts';
import { type Contender, interleave, report } from './rounds.ts';
import type { Subjects } from './subjects.ts';

const pending = 10_000;
const pageSize = 100;
const few = 20;

/** Goals P18 and P19: an organization with ten thousand pending invitations. */
export async function benchList({ engine, ours, peer }: Subjects, rounds: number): Promise<void> {
  const crowded = await ours.createOrganization();
  const addresses = newAddresses(pending);
  await ours.manager.inviteMany({ orgId: crowded, actor, addresses: [...addresses] });
  const lastPage = await cursorOfLastPage(ours.manager, crowded);
  const peerOrg = await crowdedPeer(peer, addresses);
  let empty = '';
  const page = (name: string, cursor?: string): Contender => ({
    name,
    async run() {
      const query = { orgId: crowded, actor, limit: pageSize };
      await ours.manager.listInvitations({ ...query, ...(cursor && { cursor }) });
      return 1;
    },
  });
  const invite = (orgId: () => string) => async () => {
    for (const email of newAddresses(few)) {
      await ours.manager.invite({ orgId: orgId(), actor, email });
    }
    return few;
  };
  const contenders: readonly Contender[] = [
    page('ours, page 1'),
    page('ours, the last page', lastPage),
    page('ours, page 1 again'),
    {
      name: 'better-auth, listInvitations',
      async run() {
        await peer.list(peerOrg);
        return 1;
      },
    },
    {
      name: 'ours, invite with none pending',
      async prepare() {
        empty = await ours.createOrganization();
      },
      run: invite(() => empty),
    },
    { name: 'ours, invite with 10,000 pending', run: invite(() => crowded) },
  ];
  const title = `${engine.name}: ${pending} pending; better-auth shows ${await peer.list(peerOrg)}`;
  report(title, await interleave(contenders, rounds), [
    {
      id: 'P18',
      ours: 'ours, page 1',
      peer: 'better-auth, listInvitations',
      by: 'wall',
      most: 0.25,
    },
    {
      id: 'P18',
      ours: 'ours, page 1',
      peer: 'better-auth, listInvitations',
      by: 'cpu',
      most: 0.25,
    },
    { id: 'P18', ours: 'ours, the last page', peer: 'ours, page 1', by: 'cpu', most: 1.3 },
    {
      id: 'P19',
      ours: 'ours, invite with 10,000 pending',
      peer: 'ours, invite with none pending',
      by: 'cpu',
      most: 1.15,
    },
    { id: 'A/A', ours: 'ours, page 1 again', peer: 'ours, page 1', by: 'cpu' },
  ]);
}

async function cursorOfLastPage(manager: Subjects['ours']['manager'], orgId: string) {
  let cursor: string | undefined;
  for (let read = pageSize; read < pending; read += pageSize) {
    const query = { orgId, actor, limit: pageSize, ...(cursor && { cursor }) };
    cursor = (await manager.listInvitations(query)).nextCursor ?? undefined;
  }
  return cursor;
}

// Through its API this would take a minute: one invitation is made there and copied.
async function crowdedPeer(peer: Subjects['peer'], addresses: readonly string[]) {
  const organizationId = await peer.createOrganization();
  const id = await peer.invite(organizationId, 'first@example.com');
  const row = await peer.db
    .selectFrom('invitation')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  for (let start = 0; start < addresses.length; start += 500) {
    const rows = addresses
      .slice(start, start + 500)
      .map((email) => ({ ...row, id: crypto.randomUUID(), email }));
    await peer.db.insertInto('invitation').values(rows).execute();
  }
  return organizationId;
}
