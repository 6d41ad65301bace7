import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findBreaches, invariants, type OrganizationFacts } from '../fixtures/invariants.ts';

const page = readFileSync('GUARANTEES.md', 'utf8');

const org_id = 'acme';
const person = { org_id, status: 'active', joined_at: 5, invited_by: null };
const founder = { ...person, user_id: 'u_1', address: 'one@example.org', role: 'admin' };
const joined = { ...person, user_id: 'u_2', address: 'two@example.org', role: 'member' };
const row = { org_id, role: 'member', invited_by: 'u_1', expires_at: 9, ended_at: 5 };
const used = { ...row, id: 'i_2', send_count: 1, address: 'two@example.org', ended_by: 'u_2' };
const accepted = { ...used, status: 'accepted' };
const open = { ...row, id: 'i_3', send_count: '2', address: 'three@example.org', ended_by: null };
const pending = { ...open, status: 'pending', role: 'admin' };
const entry = (action: string, subject: string) => ({ org_id, actor: 'u_1', action, subject });

const sound: OrganizationFacts = {
  organization: {
    id: org_id,
    member_limit: 2,
    active_admins: 1,
    active_members: '2',
    pending_upper_bound: '1',
  },
  members: [founder, joined],
  invitations: [accepted, pending],
  mails: [
    { org_id, invitation_id: 'i_2', number: '1', state: 'sent' },
    { org_id, invitation_id: 'i_3', number: 2, state: 'queued' },
  ],
  auditEntries: [
    entry('organization.created', org_id),
    entry('invitation.invited', 'i_2'),
    entry('invitation.invited', 'i_3'),
    entry('invitation.accepted', 'i_2'),
  ],
};

const damages: Readonly<Record<string, Partial<OrganizationFacts>>> = {
  admin: { members: [{ ...founder, role: 'member' }, joined] },
  counters: { organization: { ...sound.organization, active_members: '1' } },
  limits: { organization: { ...sound.organization, member_limit: 1 } },
  membership: { members: [founder, joined, joined] },
  pending: { invitations: [accepted, pending, { ...pending, id: 'i_4' }] },
  acceptance: { members: [founder] },
  authority: { auditEntries: [...sound.auditEntries, entry('member.disabled', 'u_2')] },
  trace: { mails: sound.mails.slice(1) },
};

test('every test that the guarantees point at exists', () => {
  const paths = [...page.matchAll(/\]\((test\/[^)]+)\)/g)].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test('the guarantees list the invariants that are checked', () => {
  const listed = [...page.matchAll(/^\d\. \*\*(\w+)\*\*/gm)].map(([, name]) => name);
  expect(listed).toEqual(Object.keys(invariants));
  expect(listed).toEqual(Object.keys(damages));
});

test('counters sees a bound on pending invitations that is too low', () => {
  const organization = { ...sound.organization, pending_upper_bound: 0 };
  const terms = { now: 8, pendingLimit: 1 };
  expect(invariants.counters?.({ ...sound, organization }, terms)).toHaveLength(1);
  expect(invariants.counters?.({ ...sound, organization }, { ...terms, now: 9 })).toEqual([]);
});

test.each([
  ['a disabled member', { status: 'disabled', role: 'admin' }, { role: 'member' }],
  ['a member, for one to the admin role', { role: 'member' }, { role: 'admin' }],
  ['an unknown user', { user_id: 'u_9' }, { role: 'member' }],
])('authority sees a usable invitation of %s', (_, inviter, invited) => {
  const members = [{ ...founder, user_id: 'u_0' }, joined, { ...founder, ...inviter }];
  const invitations = [accepted, { ...pending, ...invited }];
  const facts = { ...sound, members, invitations };
  expect(invariants.authority?.(facts, { now: 8, pendingLimit: 1 })).toHaveLength(1);
  // It has expired, or the system sent it.
  expect(invariants.authority?.(facts, { now: 9, pendingLimit: 1 })).toEqual([]);
  const unsigned = invitations.map((one) => ({ ...one, invited_by: null }));
  const system = { ...facts, invitations: unsigned };
  expect(invariants.authority?.(system, { now: 8, pendingLimit: 1 })).toEqual([]);
});

test('a sound organization breaks none of them', () => {
  expect(findBreaches(sound, { now: 8, pendingLimit: 1 })).toEqual([]);
});

test.each(Object.entries(damages))('%s sees what breaks it', (name, damage) => {
  const breaches = invariants[name]?.({ ...sound, ...damage }, { now: 8, pendingLimit: 1 });
  expect(breaches).toHaveLength(1);
});
