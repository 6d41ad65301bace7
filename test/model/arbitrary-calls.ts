import fc from 'fast-check';
import type { Role } from 'org-user-manager';
import type { Call, Inputs, Operation } from './operations.ts';
import { narrowPool, often, type Pool, people, widePool } from './pools.ts';
import { terms } from './world.ts';

const input = <T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }) =>
  fc.record<T>(fields, { noNullPrototype: true });
const call = <O extends Operation>(
  operation: O,
  arbitrary: fc.Arbitrary<Inputs[O]>,
): fc.Arbitrary<Call<O>> => arbitrary.map((input) => ({ operation, input }) as const);

const role = fc.constantFrom('member' as const, 'admin' as const);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const units = fc.constantFrom(null, 0, 2, 5);

const search = maybe(fc.constantFrom('an', 'PAT', '%'));
const limit = maybe(fc.constantFrom(1, 2));

const organization = (id: fc.Arbitrary<string>, admin: fc.Arbitrary<(typeof people)[number]>) =>
  call(
    'createOrganization',
    input({
      orgId: id,
      name: fc.constant('Acme'),
      admin,
      timeZone: fc.constantFrom('UTC', 'Asia/Kolkata'),
      memberLimit: fc.constantFrom(null, 2, 3, 4),
      allocation: input({ daily: fc.constantFrom(null, 6, 12), monthly: fc.constantFrom(null, 9) }),
    }),
  );

const hourMs = 3_600_000;
const { inviteTtlMs: ttlMs, resendCooldownMs: cooldownMs } = terms;
const passing = call(
  'advance',
  fc
    .constantFrom(
      1,
      cooldownMs - 1,
      cooldownMs,
      60_000,
      14 * hourMs,
      ttlMs - 1,
      ttlMs,
      ttlMs,
      5 * 24 * hourMs,
    )
    .map((milliseconds) => ({ milliseconds })),
);

function changesOn({ orgId, actor, userId, email, invitationId, visit }: Pool) {
  const aboutMember = input({ orgId, actor, userId });
  const resending = input({
    orgId,
    actor,
    invitationId,
    rotate: fc.boolean(),
    role: maybe(role),
  });
  const consuming = input({
    orgId,
    userId,
    activity: fc.constantFrom(undefined, 'search', 'export'),
    cost: fc.constantFrom(undefined, 2, 3),
  });
  const restoring = { operator: fc.constant('desk'), reason: fc.constant('4711') };
  const addresses = fc.array(often(email, fc.constant('nobody')), { minLength: 1, maxLength: 5 });
  const limit = maybe(input({ daily: maybe(units), monthly: maybe(units) }));
  const given = { role: maybe(role), limit };
  const named = {
    ...given,
    name: maybe(fc.constant('Pat')),
    phone: maybe(fc.constant('+14155550123')),
  };
  const inviting = fc
    .tuple(input({ orgId, actor, addresses, ...given }), maybe(input(named)))
    .map(([call, own]) => {
      const address = call.addresses.find((entry) => entry.includes('@'))?.toLowerCase();
      return own && address !== undefined ? { ...call, perAddress: { [address]: own } } : call;
    });
  const noDomains = fc.constant<readonly string[]>([]);
  const domains: fc.Arbitrary<readonly string[]> = fc.uniqueArray(
    fc.constantFrom('example.com', '*.example.com', '*.com', 'example.org'),
    { maxLength: 1 },
  );
  const policy = {
    ...{ allowedDomains: maybe(often(noDomains, domains, 2)), role: maybe(role), limit },
    blockedDomains: maybe(often(noDomains, domains)),
  };
  return fc.oneof(
    { weight: 2, arbitrary: call('invite', input({ orgId, actor, email, ...named })) },
    call('inviteMany', inviting),
    call('setInvitePolicy', input({ orgId, actor, ...policy })),
    call('setAllocation', input({ orgId, actor, daily: maybe(units), monthly: maybe(units) })),
    { weight: 2, arbitrary: call('resend', resending) },
    call('revoke', input({ orgId, actor, invitationId })),
    { weight: 3, arbitrary: call('accept', visit) },
    call('decline', visit),
    call('promote', aboutMember),
    call('demote', aboutMember),
    {
      weight: 2,
      arbitrary: call(
        'disable',
        input({ orgId, actor, userId, keepInvitations: maybe(fc.boolean()) }),
      ),
    },
    call('restore', input({ orgId, userId, ...restoring })),
    call('setLimit', input({ orgId, actor, userId, daily: maybe(units), monthly: maybe(units) })),
    { weight: 2, arbitrary: call('consume', consuming) },
    call(
      'previewInvitation',
      visit.map(({ token }) => ({ token })),
    ),
  );
}

const { orgId, actor, userId } = widePool;
const whole = { orgId, actor, search, limit };
const reads = fc.oneof(
  call('usage', input({ orgId, actor, userId: maybe(userId) })),
  call('member', input({ orgId, actor, userId })),
  call('organization', input({ orgId, actor })),
  call(
    'listMembers',
    input({
      ...whole,
      status: fc.constantFrom(...([undefined, 'active', 'disabled', 'all'] as const)),
    }),
  ),
  call(
    'listInvitations',
    input({
      ...whole,
      status: fc.constantFrom(
        ...([undefined, 'pending', 'expired', 'accepted', 'declined', 'revoked', 'all'] as const),
      ),
    }),
  ),
);

/** Any call, one after another. */
export const anyCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 16, arbitrary: changesOn(widePool) },
  { weight: 3, arbitrary: passing },
  { weight: 5, arbitrary: reads },
  organization(orgId, fc.constantFrom(...people)),
);

/**
 * A call that may run beside others. Most reads are not among them: they look in more than one step
 * and promise no more than that each is true.
 */
export const collidingCall: fc.Arbitrary<Call> = fc.oneof(
  { weight: 25, arbitrary: changesOn(narrowPool) },
  organization(fc.constant('two'), fc.constantFrom(...people)),
);

const [founder, second, third] = people;
const joining = ({ userId, email }: (typeof people)[number], role: Role): readonly Call[] => {
  const account = { userId, email, emailVerified: true, name: 'Pat' };
  return [
    inviting(founder, email, role),
    { operation: 'accept', input: { token: `one ${email} 0 0`, account } },
  ];
};

function inviting({ userId }: (typeof people)[number], email: string, role: Role): Call {
  return { operation: 'invite', input: { orgId: 'one', actor: { userId }, email, role } };
}

const staff = [joining(second, 'admin'), joining(third, 'member')];

/** An organization or two, and a few people in the first: most rules need somebody to apply to. */
export const opening: fc.Arbitrary<readonly Call[]> = fc
  .tuple(
    organization(fc.constant('one'), fc.constant(founder)),
    maybe(organization(fc.constant('two'), fc.constantFrom(...people))),
    often(fc.constant(staff), fc.subarray(staff), 2),
  )
  .map(([one, two, joined]) => [one, ...(two ? [two] : []), ...joined.flat()]);

/** The same with somebody invited, whom the calls of `collidingCall` are about. */
export const invitedOpening: fc.Arbitrary<readonly Call[]> = fc
  .tuple(opening, role)
  .map(([calls, as]) => [...calls, inviting(second, 'dan@example.com', as)]);
