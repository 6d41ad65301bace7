import { type OrgUserManager, systemActor } from 'org-user-manager';
import { tokenIn } from '../fixtures/recording-mailer.ts';
import { account } from '../fixtures/team.ts';
import type { Call, RacingMethod } from '../fixtures/worker-commands.ts';
import { founder } from '../races/race.ts';
import type { Random } from './random.ts';

// How often each is called, out of their sum. Disabling is for ever, and would empty the place.
const shares: Readonly<Record<Exclude<RacingMethod, 'reserve' | 'settleReservation'>, number>> = {
  accept: 22,
  consume: 14,
  decline: 4,
  deliverMail: 3,
  demote: 6,
  disable: 2,
  invite: 22,
  inviteMany: 6,
  promote: 8,
  resend: 7,
  revoke: 5,
  setLimit: 6,
};
const methods = Object.entries(shares).flatMap(([name, share]) => Array<string>(share).fill(name));
const people = 20;

/** Those who have to be in an organization before the first call. */
export const staff: readonly string[] = ['u_0', 'u_1', 'u_2', 'u_3'];

/** Draws a call that may well be refused; the others go on meanwhile. */
export async function drawCall(
  manager: OrgUserManager,
  orgId: string,
  random: Random,
): Promise<Call> {
  const below = (count: number) => Math.floor(random() * count);
  const person = () => `u_${below(people)}`;
  const email = () => account(person()).email;
  const role = random() < 0.3 ? 'admin' : 'member';
  const colleague = staff[below(staff.length)] ?? founder;
  const actors = [systemActor, systemActor, { userId: founder }, { userId: colleague }];
  const by = { orgId, actor: actors[below(actors.length)] ?? systemActor };
  const method = methods[below(methods.length)];
  switch (method) {
    case 'invite':
      return { method, input: { ...by, email: email(), role } };
    case 'inviteMany':
      return { method, input: { ...by, addresses: [email(), email(), email()], role } };
    case 'consume':
      return { method, input: { orgId, userId: colleague, cost: 1 + below(3) } };
    case 'setLimit':
      return { method, input: { ...by, userId: colleague, daily: 5000 + below(9) } };
    case 'promote':
    case 'demote':
      return { method, input: { ...by, userId: person() } };
    case 'disable': {
      const userId = person();
      // An actor who leaves can keep no invitations.
      const isLeaving = 'userId' in by.actor && by.actor.userId === userId;
      return { method, input: { ...by, userId, keepInvitations: !isLeaving && random() < 0.5 } };
    }
    case 'deliverMail':
      return { method, input: undefined };
  }
  const list = { orgId, actor: systemActor, status: 'pending', limit: 50 } as const;
  const { items } = await manager.listInvitations(list);
  const open = items[below(items.length)];
  if (!open) return { method: 'invite', input: { ...by, email: email(), role } };
  const [userId = ''] = open.address.split('@');
  const holder = { token: tokenIn(open.link ?? ''), account: account(userId) };
  const invitation = { ...by, invitationId: open.id };
  switch (method) {
    case 'resend':
      return { method, input: { ...invitation, rotate: random() < 0.5 } };
    case 'revoke':
      return { method, input: invitation };
    case 'decline':
      return { method, input: holder };
    default:
      return { method: 'accept', input: holder };
  }
}
