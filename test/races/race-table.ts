import { account } from '../fixtures/team.ts';
import { type Arena, founder, type Race, type Side } from './race.ts';

/** Exactly `count` sides come to `won`, all others to one of `lost`. */
const exactly =
  (count: number, won: string, ...lost: readonly string[]): Race['winners'] =>
  (outcomes) => {
    const winners = outcomes.flatMap((outcome, index) => (outcome === won ? [index] : []));
    const rest = outcomes.filter((outcome) => outcome !== won);
    const legal = winners.length === count && rest.every((outcome) => lost.includes(outcome));
    return legal ? winners : undefined;
  };

/** The pairs of outcomes that may come together, and which side was first in each. */
const oneOf =
  (legal: Readonly<Record<string, 0 | 1>>): Race['winners'] =>
  (outcomes) => {
    const winner = legal[outcomes.join(' + ')];
    return winner === undefined ? undefined : [winner];
  };

const times = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const change = (
  { orgId }: Arena,
  method: 'demote' | 'disable' | 'promote',
  [by, userId]: readonly [string, string],
): Side => ({
  label: method,
  by,
  call: { method, input: { orgId, actor: { userId: by }, userId } },
});

const accept = (token: string, userId: string, email = account(userId).email): Side => ({
  label: 'accept',
  by: userId,
  call: { method: 'accept', input: { token, account: account(userId, email) } },
});

const invite = ({ orgId }: Arena, email: string, by = founder): Side => ({
  label: 'invite',
  by,
  call: { method: 'invite', input: { orgId, actor: { userId: by }, email } },
});

const onInvitation = (
  { orgId }: Arena,
  method: 'resend' | 'revoke',
  invitationId: string,
): Side => ({
  label: method,
  by: founder,
  call: { method, input: { orgId, actor: { userId: founder }, invitationId } },
});

const named = (sides: readonly Side[]) =>
  sides.map((side, index) => ({ ...side, label: String(index + 1) }));

const mutual = (method: 'demote' | 'disable') => async (arena: Arena) => {
  await arena.join('u_2', 'admin');
  return named([change(arena, method, [founder, 'u_2']), change(arena, method, ['u_2', founder])]);
};

const acceptTwice = async (arena: Arena) => {
  const { token } = await arena.invite('u_1');
  return named([accept(token, 'u_1'), accept(token, 'u_1')]);
};

const many = (count: number) => async (arena: Arena) =>
  times(count).map((place) => ({
    ...invite(arena, `p${place}@acme.example.com`),
    label: count > 8 ? `process ${1 + ((place - 1) % 3)}` : String(place),
  }));

/** Each row runs on every engine. */
export const races: readonly Race[] = [
  {
    name: 'two admins demote each other',
    prepare: mutual('demote'),
    winners: exactly(1, 'done', 'not_an_admin', 'last_admin'),
  },
  {
    name: 'two admins disable each other',
    prepare: mutual('disable'),
    winners: exactly(1, 'done', 'member_disabled', 'last_admin'),
  },
  {
    name: 'two seats left, four invitees accept',
    memberLimit: 3,
    async prepare(arena) {
      const people = times(4).map((place) => `u_${place}`);
      const tokens = await Promise.all(people.map((person) => arena.invite(person)));
      return named(tokens.map(({ token }, index) => accept(token, people[index] ?? '')));
    },
    winners: exactly(2, 'done', 'member_limit_reached'),
  },
  {
    name: 'pending limit 3, eight invites',
    pendingLimit: 3,
    prepare: many(8),
    winners: exactly(3, 'invited', 'pending_limit_reached'),
  },
  {
    name: 'pending limit 150, 180 invites',
    repetitions: 5,
    pendingLimit: 150,
    prepare: many(180),
    winners: exactly(150, 'invited', 'pending_limit_reached'),
  },
  {
    name: 'the same address invited twice',
    prepare: async (arena) =>
      named([invite(arena, 'p@acme.example.com'), invite(arena, 'P@ACME.example.com')]),
    winners: exactly(1, 'invited', 'already_invited'),
  },
  {
    name: 'one user accepts twice',
    prepare: acceptTwice,
    winners: exactly(1, 'done', 'repeated'),
  },
  {
    name: 'one user accepts the last seat twice',
    memberLimit: 2,
    prepare: acceptTwice,
    winners: exactly(1, 'done', 'repeated'),
  },
  {
    name: 'two users with one address accept',
    async prepare(arena) {
      const { token } = await arena.invite('u_1');
      return named([accept(token, 'u_1'), accept(token, 'u_2', account('u_1').email)]);
    },
    winners: exactly(1, 'done', 'invitation_unusable'),
  },
  {
    name: 'accept against revoke',
    async prepare(arena) {
      const { id, token } = await arena.invite('u_1');
      return [accept(token, 'u_1'), onInvitation(arena, 'revoke', id)];
    },
    winners: exactly(1, 'done', 'invitation_unusable'),
  },
  {
    name: 'accept against resend',
    async prepare(arena) {
      const { id, token } = await arena.invite('u_1');
      return [accept(token, 'u_1'), onInvitation(arena, 'resend', id)];
    },
    // The link stays, so that accepting succeeds in either order.
    winners: oneOf({ 'done + invitation_unusable': 0, 'done + done': 1 }),
  },
  {
    name: 'admin accept against disable of inviter',
    async prepare(arena) {
      await arena.join('u_2', 'admin');
      const { token } = await arena.invite('u_1', 'admin', 'u_2');
      return [accept(token, 'u_1'), change(arena, 'disable', [founder, 'u_2'])];
    },
    winners: oneOf({ 'done + done': 0, 'invitation_unusable + done': 1 }),
  },
  {
    name: 'disable of an inviter, invite, accept',
    async prepare(arena) {
      await arena.join('u_2', 'admin');
      const { token } = await arena.invite('u_1', 'member', 'u_2');
      return [
        change(arena, 'disable', [founder, 'u_2']),
        invite(arena, 'p@acme.example.com', 'u_2'),
        accept(token, 'u_1'),
      ];
    },
    winners: ([disabled, invited = '', accepted = '']) => {
      const isLegal =
        disabled === 'done' &&
        ['invited', 'member_disabled'].includes(invited) &&
        ['done', 'invitation_unusable'].includes(accepted);
      if (!isLegal) return undefined;
      const before = [...(invited === 'invited' ? [1] : []), ...(accepted === 'done' ? [2] : [])];
      // What succeeded came before the disabling, which was first only if nothing did.
      return before.length > 0 ? before : [0];
    },
  },
  {
    name: 'disable that keeps them against accept',
    async prepare(arena) {
      const { orgId } = arena;
      await arena.join('u_2', 'admin');
      const { token } = await arena.invite('u_1', 'member', 'u_2');
      const input = { orgId, actor: { userId: founder }, userId: 'u_2', keepInvitations: true };
      return [
        { label: 'disable', by: founder, call: { method: 'disable', input } },
        accept(token, 'u_1'),
      ];
    },
    // Either order is good: the invitation is never without an inviter.
    winners: (outcomes) => (outcomes.join() === 'done,done' ? [0, 1] : undefined),
  },
  {
    name: 'disable against promote',
    async prepare(arena) {
      await arena.join('u_1');
      return [
        change(arena, 'disable', [founder, 'u_1']),
        change(arena, 'promote', [founder, 'u_1']),
      ];
    },
    winners: oneOf({ 'done + member_disabled': 0, 'done + done': 1 }),
  },
  {
    name: 'disable against accept by the same user',
    async prepare(arena) {
      const { token } = await arena.invite('u_1');
      return [change(arena, 'disable', [founder, 'u_1']), accept(token, 'u_1')];
    },
    winners: oneOf({ 'member_not_found + done': 0, 'done + done': 1 }),
  },
  {
    name: 'disable against a repeated accept',
    lopsided: true,
    async prepare(arena) {
      const { token } = await arena.invite('u_1');
      await arena.accept(token, 'u_1');
      return [change(arena, 'disable', [founder, 'u_1']), accept(token, 'u_1')];
    },
    winners: oneOf({ 'done + member_disabled': 0, 'done + repeated': 1 }),
  },
  {
    name: 'disable against setLimit',
    async prepare(arena) {
      await arena.join('u_1');
      const { orgId } = arena;
      const input = { orgId, actor: { userId: founder }, userId: 'u_1', daily: 5 };
      return [
        change(arena, 'disable', [founder, 'u_1']),
        { label: 'setLimit', by: founder, call: { method: 'setLimit', input } },
      ];
    },
    winners: oneOf({ 'done + member_disabled': 0, 'done + done': 1 }),
  },
];
