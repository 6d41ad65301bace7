import { isOrgUserManagerError, type OrgUserManager, systemActor } from 'org-user-manager';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { OrgUserSupport } from 'org-user-manager/support';
import { describe, expect, test } from 'vitest';
import { tokenIn } from './fixtures/recording-mailer.ts';
import { dump, openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

type Input = Readonly<Record<string, unknown>>;
type Method = Exclude<
  {
    [Name in keyof OrgUserManager]: OrgUserManager[Name] extends (input: never) => Promise<unknown>
      ? Name
      : never;
  }[keyof OrgUserManager],
  'migrate' | 'close' | 'deliverMail'
>;

const canary = 'hunter2-hunter2';
const ids = ['', 'a\0b', 'a\nb', '\ud800', 'a\udc00b', 'x'.repeat(256), 7, null, {}, undefined];
const emails = ['', 'nobody', 'a@b@acme.example.com', 'a@acme.example.com,b@acme.example.com'];
emails.push(
  'a b@acme.example.com',
  `${'a'.repeat(65)}@acme.example.com`,
  'a@acme.example.com\r\nBcc: x',
);
const notDomains = [
  ...[7, null, 'acme.example.com', [7], [''], ['*'], ['example'], ['a b.example.com']],
  ...[['*.*.example.com'], ['@example.com'], ['x'.repeat(300)], Array(101).fill('example.com')],
];
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
const notUnits = [-1, 0.5, nan, infinity, -infinity, 2 ** 53, '5', '', true, [5], 5n];
const notAccounts = [
  undefined,
  {},
  { ...account('u_2'), userId: '' },
  { ...account('u_2'), email: canary },
  { ...account('u_2'), emailVerified: 'yes' },
  { ...account('u_2'), admin: true },
  { ...account('u_2'), name: 'x'.repeat(201) },
];

// What is wrong for a field of this name, wherever it occurs.
const wrong: Readonly<Record<string, readonly unknown[]>> = {
  orgId: ids,
  userId: ids,
  invitationId: ids,
  actor: [
    undefined,
    null,
    'u_admin',
    {},
    { userId: '' },
    { userId: 'u\0' },
    { system: false },
    { ...admin, ...systemActor },
    { ...admin, role: 'admin' },
  ],
  email: [...emails, 7, null, undefined],
  role: ['owner', 'Admin', 1, null, ['admin']],
  rotate: ['yes', 1, null],
  keepInvitations: ['yes', 1, null],
  addresses: [undefined, canary, [7], [null], {}],
  allowedDomains: notDomains,
  blockedDomains: notDomains,
  phone: ['', '4155550123', '+0155550123', '+1415555012345678', '+1 415 555 0123', 7, null],
  perAddress: [7, null, [], { 'u_2@acme.example.com': 7 }, { [canary]: {} }],
  text: [undefined, 7, ['x']],
  token: [undefined, 7, null, ['x']],
  account: notAccounts,
  status: ['gone', '', 1, null],
  search: [7, 'x'.repeat(201), 'a\0b'],
  sort: ['', 'id', 'Name', 'joined_at; drop table oum_member', '__proto__', 1, null, ['name']],
  order: ['', 'ASC', 'desc nulls first', 1, null, ['asc']],
  limit: [0, 201, -1, 1e9, 1.5, '10', Number.NaN, null],
  cursor: [7, 'x'.repeat(3001)],
  exactTotal: ['true', 1, null],
  daily: notUnits,
  monthly: notUnits,
  name: ['', '  ', 'x'.repeat(201), 'a\u0007b', 7, undefined],
  timeZone: ['Mars/Olympus', '+02:00', '-0530', '00:00', '', ' UTC', 'UTC\0', 7, null],
  allocation: [7, { daily: -1 }, { weekly: 5 }, null],
  memberLimit: [0, -1, 1.5, '5'],
  admin: [
    undefined,
    {},
    { userId: 'u_x' },
    { ...admin, email: canary },
    { ...admin, email: 'a@acme.example.com', role: 'admin' },
  ],
  activity: ['', 'nope', '__proto__', 'constructor', 'x'.repeat(10_240), 7, null, ['search']],
  cost: [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, 1n],
  estimate: [0, -1, 0.5, Number.NaN, 2 ** 53, '1', null, undefined],
  ttlMs: [0, 999, 86_400_001, 1.5, Number.POSITIVE_INFINITY, '1000', null],
  actual: [-1, 0.5, Number.NaN, 2 ** 53 - 2, '1', null, undefined],
  from: ['', '2026-11-31', '26-11-01', '2026-11-01T00:00', 7, null],
  to: ['', '2026-02-30', '0000-00-00', '+002026-11-23', '2026-10-31', '2027-11-02', 7, null],
  units: [0, 0.5, Number.NaN, Number.NEGATIVE_INFINITY, 2 ** 53, -(2 ** 53), '1', null, undefined],
  at: [0, '2026-11-23', null, new Date(Number.NaN), new Date(8.64e15), new Date(0)],
  idempotencyKey: ['', ' ', 'a b', 'é', 'x'.repeat(129), 7, null, ['a']],
};

const member = { orgId, actor: admin, userId: 'u_1' };
const list = {
  ...{ orgId, actor: admin, status: 'all', role: 'all', search: 'x', order: 'desc', limit: 10 },
  cursor: '',
  exactTotal: true,
};
const invitation = { orgId, actor: admin, invitationId: 'x' };
const newcomer = { token: '', account: account('u_2') };

const charge = { orgId, userId: 'u_1', activity: 'search', idempotencyKey: 'k' };
const terms = { role: 'member', limit: {}, phone: '+14155550123' };

const { idempotencyKey: _, ...uncountedCharge } = charge;

const inputs: Readonly<Record<Method, Input>> = {
  createOrganization: {
    orgId: 'other',
    name: 'Other',
    admin: { userId: 'u_o', email: 'u_o@acme.example.com' },
    timeZone: 'UTC',
    allocation: {},
    memberLimit: 5,
  },
  organization: { orgId, actor: admin },
  setInvitePolicy: {
    ...{ orgId, actor: admin, allowedDomains: [], blockedDomains: [] },
    ...{ role: 'member', limit: {} },
  },
  setAllocation: { orgId, actor: admin, daily: 1, monthly: 1 },
  previewAllocation: { orgId, actor: admin, daily: 1, monthly: 1 },
  setTimeZone: { orgId, actor: admin, timeZone: 'Asia/Tokyo' },
  invite: { orgId, actor: admin, email: 'u_2@acme.example.com', ...terms },
  bulkExtract: { orgId, actor: admin, text: '' },
  inviteMany: {
    ...{ orgId, actor: admin, addresses: [], role: 'member', limit: {}, perAddress: {} },
    idempotencyKey: 'k',
  },
  listInvitations: { ...list, sort: 'address' },
  resend: { ...invitation, rotate: true, role: 'member' },
  revoke: invitation,
  previewInvitation: { token: '' },
  accept: newcomer,
  decline: newcomer,
  listMembers: { ...list, sort: 'name' },
  member,
  setLimit: { ...member, daily: 1, monthly: 1 },
  previewLimit: { ...member, daily: 1, monthly: 1 },
  promote: member,
  demote: member,
  disable: { ...member, keepInvitations: true },
  consume: { ...charge, cost: 1 },
  reserve: { ...uncountedCharge, estimate: 1, ttlMs: 1000 },
  tryToConsume: { ...charge, cost: 1 },
  setAside: { ...uncountedCharge, estimate: 1, ttlMs: 1000 },
  settleReservation: { token: 'x', actual: 0 },
  record: { ...charge, units: 1, at: new Date('2026-11-23T09:00:00Z') },
  usage: { orgId, actor: admin, userId: 'u_1' },
  usageHealth: { orgId, actor: admin },
  usageHistory: { orgId, actor: admin, userId: 'u_1', from: '2026-11-01', to: '2026-11-23' },
};

/** Each wrong form of an input, with the path that should be named. */
function* wrongForms(valid: Input): Generator<readonly [input: unknown, path: string]> {
  yield [{ ...valid, extra: 1 }, 'extra'];
  yield [{ ...valid, [canary]: 1 }, ''];
  for (const field of Object.keys(valid)) {
    for (const value of wrong[field] ?? []) yield [{ ...valid, [field]: value }, field];
  }
}

/** The answers that are no refusals of the input. */
const fine = (method: string, input: unknown) =>
  (/^usage/.test(method) && Object(input).userId === undefined) ||
  // A charge looks at no characters; such a user is not a member.
  (method === 'consume' && /\p{Cc}|\p{Cs}/u.test(`${Object(input).orgId}${Object(input).userId}`));

/** The `invalid_input` that a call ends with, if it does. */
async function refusal(call: () => unknown) {
  try {
    await call();
  } catch (error) {
    if (isOrgUserManagerError(error, 'invalid_input')) return error;
    throw error;
  }
  return undefined;
}

/** The fields that a refusal names. */
const fieldsOf = (error: Awaited<ReturnType<typeof refusal>>) => [
  ...new Set(error?.details.issues.map(({ path }) => path.split('.')[0])),
];

async function createStage() {
  const filename = sqliteFile();
  const team = await createTeam(sqliteStorage({ filename }));
  await team.join('u_1');
  const invited = await team.manager.invite({ orgId, actor: admin, email: 'u_2@acme.example.com' });
  if (invited.outcome !== 'invited') throw new Error(invited.outcome);
  await team.manager.deliverMail();
  const token = tokenIn(invited.invitation.link ?? '');
  const real = { token, invitationId: invited.invitation.id };
  return { ...team, real, database: openRaw(filename) };
}

describe('wrong input is named, charges nothing and changes no row', () => {
  test.each(Object.entries(inputs))('%s', async (method, template) => {
    const { manager, real, database } = await createStage();
    const used = Object.entries(real).filter(([field]) => field in template);
    const valid = { ...template, ...Object.fromEntries(used) };
    const call = (input: unknown) => Reflect.apply(Reflect.get(manager, method), manager, [input]);
    const before = dump(database);
    for (const [input, field] of wrongForms(valid)) {
      if (fine(method, input)) continue;
      const error = await refusal(() => call(input));
      expect([input, fieldsOf(error)]).toEqual([input, [field]]);
      const told = `${error?.stack}${JSON.stringify(error)}`;
      expect(told.includes(canary)).toBe(false);
    }
    for (const input of [undefined, null, 7, 'x', []]) {
      expect([input, (await refusal(() => call(input)))?.code]).toEqual([input, 'invalid_input']);
    }
    expect(dump(database)).toEqual(before);
  });

  test('all that is wrong is named at once', async () => {
    const { manager } = await createStage();
    const call = Reflect.get(manager, 'setLimit');
    const error = await refusal(() =>
      Reflect.apply(call, manager, [{ orgId: '', daily: -1, monthly: 'x', extra: 1 }]),
    );
    const paths = error?.details.issues.map(({ path }) => path).sort();
    expect(paths).toEqual(['actor', 'daily', 'extra', 'monthly', 'orgId', 'userId']);
  });

  test('more than the bulk limits is refused whole', async () => {
    const { manager, database } = await createStage();
    const before = dump(database);
    const addresses = Array.from({ length: 501 }, (_, index) => `p${index}@acme.example.com`);
    const call = { orgId, actor: admin };
    expect((await refusal(() => manager.inviteMany({ ...call, addresses })))?.details).toEqual({
      issues: [{ path: 'addresses', message: 'must hold at most 500 addresses' }],
    });
    const long = addresses.slice(1).map((address) => address.padStart(525));
    expect(
      (await refusal(() => manager.inviteMany({ ...call, addresses: long })))?.details,
    ).toEqual({
      issues: [{ path: 'addresses', message: 'must hold at most 262144 characters' }],
    });
    const text = 'x'.repeat(262_145);
    expect((await refusal(() => manager.bulkExtract({ ...call, text })))?.details).toEqual({
      issues: [{ path: 'text', message: 'must have at most 262144 characters' }],
    });
    expect(dump(database)).toEqual(before);
  });

  test('terms for 10,000 addresses are read, and for one more are not looked at', async () => {
    const { manager } = await createStage();
    let reads = 0;
    const termsFor = (count: number) => {
      const perAddress = {};
      for (let index = 0; index < count; index += 1) {
        const get = () => {
          reads += 1;
          return {};
        };
        const key = `p${index}@acme.example.com`;
        Object.defineProperty(perAddress, key, { enumerable: true, get });
      }
      return perAddress;
    };
    const invite = async (count: number) => {
      const call = { orgId, actor: admin, addresses: ['u_7@acme.example.com'] };
      const perAddress = termsFor(count);
      return (await refusal(() => manager.inviteMany({ ...call, perAddress })))?.details.issues;
    };
    const unnamed = { path: 'perAddress.0', message: 'is not among the addresses' };
    expect((await invite(10_000))?.[0]).toEqual(unnamed);
    expect(reads).toBe(10_000);
    const message = 'must hold at most 10,000 entries';
    expect(await invite(10_001)).toEqual([{ path: 'perAddress', message }]);
    expect(reads).toBe(10_000);
  });

  test('an address of any length and a long list of domains cost no work', async () => {
    const { manager } = await createStage();
    const call = { orgId, actor: admin };
    const email = 'x@'.repeat(1_000_000);
    expect((await refusal(() => manager.invite({ ...call, email })))?.details).toEqual({
      issues: [{ path: 'email', message: 'is not an email address (too-long)' }],
    });
    const domains = Array.from({ length: 101 }, () => 'not a domain');
    const set = () => manager.setInvitePolicy({ ...call, allowedDomains: domains });
    expect((await refusal(set))?.details).toEqual({
      issues: [{ path: 'allowedDomains', message: 'must hold at most 100 domains' }],
    });
  });

  test('support’s restore', async () => {
    const { storage, database } = await createStage();
    const support = new OrgUserSupport({ storage });
    const valid = { orgId, userId: 'u_1', operator: 'desk', reason: 'test' };
    const before = dump(database);
    for (const field of Object.keys(valid)) {
      for (const value of ['', ' '.repeat(3), 'x'.repeat(501), 7, undefined]) {
        if (value === '   ' && field !== 'reason') continue;
        const input = { ...valid, [field]: value };
        const error = await refusal(() => Reflect.apply(support.restore, support, [input]));
        expect([input, fieldsOf(error)]).toEqual([input, [field]]);
      }
    }
    expect(dump(database)).toEqual(before);
  });
});
