import { newAddresses } from './ours.ts';
import { type Contender, interleave, report } from './rounds.ts';
import type { Subjects } from './subjects.ts';

const people = 5;

/** Goal P17: accounts that accept, one after the other, in a fresh organization each round. */
export async function benchAccept({ engine, ours, peer }: Subjects, rounds: number): Promise<void> {
  const emails = newAddresses(people);
  const accounts = emails.map((email) => ({
    userId: `u_${email}`,
    email,
    emailVerified: true,
    name: 'Somebody',
  }));
  const signedIn = await Promise.all(emails.map((email) => peer.signUp(email)));
  let tokens: readonly string[] = [];
  let invitationIds: readonly string[] = [];
  const acceptAtPeer = {
    async prepare() {
      const orgId = await peer.createOrganization();
      invitationIds = await Promise.all(emails.map((email) => peer.invite(orgId, email)));
    },
    async run() {
      for (const [index, account] of signedIn.entries()) {
        await peer.accept(invitationIds[index] ?? '', account);
      }
      return people;
    },
  };
  const contenders: readonly Contender[] = [
    {
      name: 'ours, accept',
      async prepare() {
        const orgId = await ours.createOrganization();
        tokens = await Promise.all(emails.map((email) => ours.tokenFor(orgId, email)));
      },
      async run() {
        for (const [index, account] of accounts.entries()) {
          await ours.manager.accept({ token: tokens[index] ?? '', account });
        }
        return people;
      },
    },
    { name: 'better-auth, acceptInvitation', ...acceptAtPeer },
    { name: 'better-auth again', ...acceptAtPeer },
  ];
  const theirs = 'better-auth, acceptInvitation';
  report(`${engine.name}: accepting`, await interleave(contenders, rounds), [
    { id: 'P17', ours: 'ours, accept', peer: theirs, by: 'cpu', most: 0.15 },
    { id: 'A/A', ours: 'better-auth again', peer: theirs, by: 'cpu' },
  ]);
}
