import fc from 'fast-check';
import { type Account, type Actor, systemActor } from 'org-user-manager';

// Few of everything, so that calls meet each other.
export const people = [
  { userId: 'u_1', email: 'ann@example.com' },
  { userId: 'u_2', email: 'bob@example.com' },
  { userId: 'u_3', email: 'cyd@example.com' },
  { userId: 'u_4', email: 'dan@example.com' },
  { userId: 'u_5', email: 'eve@example.com' },
  // Somebody with a second address.
  { userId: 'u_5', email: 'fay@example.com' },
] as const;

/** What calls are made of. Ids and tokens are placeholders; see `fill`. */
export interface Pool {
  readonly orgId: fc.Arbitrary<string>;
  readonly actor: fc.Arbitrary<Actor>;
  readonly userId: fc.Arbitrary<string>;
  readonly email: fc.Arbitrary<string>;
  readonly invitationId: fc.Arbitrary<string>;
  /** Somebody with a link. */
  readonly visit: fc.Arbitrary<{ readonly token: string; readonly account: Account }>;
}

/** Mostly the usual thing: that many times as often. */
export function often<T>(usual: fc.Arbitrary<T>, unusual: fc.Arbitrary<T>, times = 5) {
  return fc.oneof({ weight: times, arbitrary: usual }, { weight: 1, arbitrary: unusual });
}

const userIds = people.map(({ userId }) => userId);
const emails = people.map(({ email }) => email);
const outsiders = people.slice(3);
const orgId = often(fc.constant('one'), fc.constant('two'), 9);
const actorAmong = (userId: fc.Arbitrary<string>) =>
  often(
    userId.map((id) => ({ userId: id })),
    fc.constant(systemActor),
    6,
  );

const userId = often(fc.constantFrom(...userIds.slice(0, 2)), fc.constantFrom(...userIds), 1);
const email = often(
  fc.constantFrom(...outsiders.map((person) => person.email)),
  fc.constantFrom('Dan@Example.com', ...emails),
  3,
);

/** Everybody, everything, also what is not there. */
export const widePool: Pool = {
  orgId,
  actor: actorAmong(often(fc.constant('u_1'), userId, 1)),
  userId,
  email,
  invitationId: fc
    .tuple(orgId, often(fc.constant('*'), email), fc.constantFrom(0, 0, 1, 2))
    .map((parts) => parts.join(' ')),
  // Mostly the person who was invited, with the newest link.
  visit: fc
    .tuple(
      often(fc.constantFrom(...outsiders), fc.constantFrom(...people)),
      often(fc.constant(undefined), fc.record({ userId, email })),
      often(fc.constant(true), fc.constant(false), 9),
      fc.tuple(orgId, fc.constantFrom(0, 0, 0, 1), fc.constantFrom(0, 0, 0, 1)),
    )
    .map(([invited, other, emailVerified, [team, age, linkAge]]) => ({
      token: `${team} ${invited.email} ${age} ${linkAge}`,
      account: { ...(other ?? invited), emailVerified, name: 'Pat' },
    })),
};

/** Two admins and two people they have invited: calls made at once should be about the same thing. */
export const narrowPool: Pool = {
  orgId: fc.constant('one'),
  actor: actorAmong(fc.constantFrom('u_1', 'u_2')),
  userId: often(fc.constantFrom('u_1', 'u_2'), fc.constant('u_4'), 3),
  email: fc.constantFrom('dan@example.com', 'fay@example.com'),
  invitationId: fc.constant('one * 0'),
  visit: fc.constantFrom(people[3], people[3], people[5]).map(({ userId, email }) => ({
    token: `one ${email} 0 0`,
    account: { userId, email, emailVerified: true, name: 'Pat' },
  })),
};
