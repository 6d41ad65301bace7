import { actor, newAddresses } from './ours.ts';
import { type Contender, type Goal, interleave, report } from './rounds.ts';
import { inParallel, type Subjects } from './subjects.ts';

const many = 1_000;
const few = 40;

/** Goals P15 and P16: one by one, and a thousand pasted addresses. */
export async function benchInvite(subjects: Subjects, rounds: number): Promise<void> {
  const { engine, ours, peer, raw } = subjects;
  let orgId = '';
  const peerOrg = await peer.createOrganization();
  const fresh = async () => {
    orgId = await ours.createOrganization();
  };
  const rawInsert = async () => {
    await raw.insert(crypto.randomUUID(), newAddresses(many));
    return many;
  };
  const contenders: readonly Contender[] = [
    {
      name: 'ours, inviteMany of 1,000',
      prepare: fresh,
      async run() {
        const results = await ours.manager.inviteMany({
          orgId,
          actor,
          addresses: newAddresses(many),
        });
        return results.filter(({ outcome }) => outcome === 'invited').length;
      },
    },
    {
      name: 'ours, invite',
      prepare: fresh,
      async run() {
        await inParallel(newAddresses(few), engine.concurrency, (email) =>
          ours.manager.invite({ orgId, actor, email }),
        );
        return few;
      },
    },
    {
      name: 'better-auth, createInvitation',
      async run() {
        await inParallel(newAddresses(few), engine.concurrency, (email) =>
          peer.invite(peerOrg, email),
        );
        return few;
      },
    },
    { name: 'one INSERT of 1,000', run: rawInsert },
    { name: 'one INSERT again', run: rawInsert },
  ];
  const peerName = 'better-auth, createInvitation';
  const bulk = { id: 'P16', ours: 'ours, inviteMany of 1,000' } as const;
  const goals: readonly Goal[] = [
    { ...bulk, peer: peerName, by: 'wall', most: 0.01 },
    { ...bulk, peer: peerName, by: 'cpu', most: 0.01 },
    { ...bulk, peer: 'one INSERT of 1,000', by: 'wall', most: 3 },
    { ...bulk, peer: 'one INSERT of 1,000', by: 'cpu', most: 3 },
    {
      id: 'P15',
      ours: 'ours, invite',
      peer: peerName,
      by: 'cpu',
      most: engine.type === 'sqlite' ? 0.1 : 0.15,
    },
    { id: 'A/A', ours: 'one INSERT again', peer: 'one INSERT of 1,000', by: 'cpu' },
  ];
  const title = `${engine.name}: inviting (one by one: ${engine.concurrency} at once)`;
  report(title, await interleave(contenders, rounds), goals);
}
