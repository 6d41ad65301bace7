import type { OrganizationFacts } from '../fixtures/invariants.ts';
import type { Call } from '../fixtures/worker-commands.ts';
import type { LoggedCall } from './load.ts';
import { staff } from './mixed-calls.ts';

/** Everything that is stored of one organization, its counters included. */
export interface Books extends OrganizationFacts {
  readonly counters: readonly { readonly counter: string; readonly used: number | string }[];
}

/** What became of an organization's calls. */
export interface Reckoning {
  /** What was answered and is not there, and what is there and nobody asked for. */
  readonly losses: readonly string[];
  /** Changes that were made without anybody having been told, of those that leave a number. */
  readonly untold: number;
}

/** Compares what the callers of an organization were told with what is stored of it. */
export function reckon(books: Books, calls: readonly LoggedCall[]): Reckoning {
  const tallies = tally(books, calls);
  const wrong = tallies.filter(({ told, stored, most }) => stored < told || stored > most);
  return {
    losses: [
      ...wrong.map(
        ({ what, told, stored, most }) => `${what}: ${told} to ${most} expected, ${stored} stored`,
      ),
      ...calls.flatMap(({ call, outcome }) => lostIn(books, call, outcome)),
    ].map((loss) => `${books.organization.id}: ${loss}`),
    untold: tallies.reduce((sum, { told, stored }) => sum + stored - told, 0),
  };
}

interface Tally {
  readonly what: string;
  readonly told: number;
  readonly stored: number;
  /** With all that was never answered. */
  readonly most: number;
}

/** What can be counted: each of these calls makes as many marks as it says. */
function tally({ auditEntries, counters }: Books, calls: readonly LoggedCall[]): readonly Tally[] {
  const count = (what: string, stored: number, weigh: (logged: LoggedCall) => number): Tally => {
    const sum = (some: readonly LoggedCall[]) =>
      some.reduce((total, logged) => total + weigh(logged), 0);
    const told = sum(calls.filter(({ outcome }) => outcome !== undefined));
    return {
      what,
      stored,
      told,
      most: told + sum(calls.filter((one) => one.outcome === undefined)),
    };
  };
  const entries = (action: string) =>
    auditEntries.filter((entry) => entry.action === action).length;
  const marks = (method: Call['method']) => (logged: LoggedCall) =>
    Number(logged.call.method === method && [undefined, ...succeeded].includes(logged.outcome));
  const used = (owner: string) =>
    counters
      .filter(({ counter }) => counter.startsWith(owner))
      .reduce((total, counter) => total + Number(counter.used), 0);
  const charge = ({ call, outcome = 'allowed' }: LoggedCall) =>
    // Three counters each: the day, the month, and the activity's share of the day.
    call.method === 'consume' && outcome === 'allowed' ? 3 * (call.input.cost ?? 1) : 0;
  return [
    count('invited', entries('invitation.invited') - staff.length, invitedBy),
    count('resent', entries('invitation.resent'), marks('resend')),
    count('declined', entries('invitation.declined'), marks('decline')),
    count('limits set', entries('member.limit_set'), marks('setLimit')),
    count("charged to the organization's counters", used('o/'), charge),
    count("charged to the members' counters", used('u/'), charge),
  ];
}

function invitedBy({ call, outcome }: LoggedCall): number {
  if (call.method !== 'invite' && call.method !== 'inviteMany') return 0;
  const most = call.method === 'invite' ? 1 : (call.input.addresses?.length ?? 0);
  return outcome?.split(' ').filter((said) => said === 'invited').length ?? most;
}

const succeeded: readonly (string | undefined)[] = ['done', 'repeated'];

/** What an answered call has to have left, whatever came after it. */
function lostIn(
  { members, invitations, auditEntries }: Books,
  call: Call,
  outcome = '',
): readonly string[] {
  const invited = (address: string, said: string | undefined) =>
    said !== 'invited' || invitations.some((invitation) => invitation.address === address)
      ? []
      : [`${address} was invited`];
  if (call.method === 'invite') return invited(call.input.email, outcome);
  if (call.method === 'inviteMany') {
    const said = outcome.split(' ');
    return (call.input.addresses ?? []).flatMap((address, index) => invited(address, said[index]));
  }
  if (!succeeded.includes(outcome)) return [];
  const expectSome = (what: string, some: readonly unknown[]) => (some.length > 0 ? [] : [what]);
  switch (call.method) {
    case 'accept': {
      const { userId } = call.input.account;
      return expectSome(
        `${userId} accepted`,
        members.filter(({ user_id }) => user_id === userId),
      );
    }
    case 'disable': {
      const { userId } = call.input;
      return expectSome(
        `${userId} was disabled`,
        members.filter(({ user_id, status }) => user_id === userId && status === 'disabled'),
      );
    }
    case 'revoke': {
      const { invitationId } = call.input;
      return expectSome(
        `${invitationId} was revoked`,
        invitations.filter(({ id, status }) => id === invitationId && status === 'revoked'),
      );
    }
    case 'promote': {
      const { userId } = call.input;
      // Or invited as one.
      return expectSome(`${userId} became an admin`, [
        ...auditEntries.filter(
          ({ action, subject }) => action === 'member.promoted' && subject === userId,
        ),
        ...invitations.filter(({ ended_by, role }) => ended_by === userId && role === 'admin'),
      ]);
    }
    default:
      return [];
  }
}
