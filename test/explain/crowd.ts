import { type Kysely, type RawBuilder, sql } from 'kysely';

/** The organization that has most of the members and invitations. */
export const bigOrgId = 'acme';
/** The organizations beside it. */
export const smallOrgIds = Array.from({ length: 49 }, (_, number) => `org-${number}`);

/** The instant of the newest row, epoch milliseconds. */
export const now = Date.parse('2027-01-15T08:00:00Z');
const dayMs = 86_400_000;
/** An instant at which all but 20 of the pending invitations of the big one have expired. */
export const later = now + 10 * dayMs;

// The numbers from 1 on, in SQL that every engine knows.
const numbers = sql`(
  with recursive k(n) as (select 0 union all select n + 1 from k where n < 449)
  select a.n * 450 + b.n + 1 as n from k as a cross join k as b
) as numbers`;
// Three quarters belong to the big one.
const orgId = sql`case when n % 4 > 0 then ${sql.lit(bigOrgId)}
  else concat('org-', n % ${sql.lit(smallOrgIds.length)}) end`;
const uuid = (kind: number) =>
  sql`concat('00000000-0000-7000-800', ${sql.lit(kind)}, '-', 100000000000 + n)`;
// Somewhere in the alphabet, and no two alike: the prime is greater than the crowd.
const shuffled = sql`1000000 + (n * 7919) % 200003`;
// Five in a row have the same time.
const time = sql`${sql.lit(now - 1_000_000_000)} + (n - n % 5) * 5000`;

type Columns = Readonly<Record<string, RawBuilder<unknown>>>;

const userId = sql`concat('u_', 1000000 + n)`;
const memberAddress = sql`concat(${userId}, '@acme.example.com')`;
const isAdmin = sql`n % 100 = 1`;
const isDisabled = sql`n % 10 = 0`;
const member: Columns = {
  org_id: orgId,
  user_id: userId,
  address: memberAddress,
  name: sql`case when n % 3 = 0 then null else concat('Person ', ${shuffled}) end`,
  sort_name: sql`case when n % 3 = 0 then ${memberAddress} else concat('person ', ${shuffled}) end`,
  role: sql`case when ${isAdmin} then 'admin' else 'member' end`,
  status: sql`case when ${isDisabled} then 'disabled' else 'active' end`,
  joined_at: time,
  disabled_at: sql`case when ${isDisabled} then ${time} end`,
};

const isPending = sql`n % 3 = 0`;
const address = sql`concat('guest-', ${shuffled}, '@acme.example.com')`;
const invitation: Columns = {
  id: uuid(1),
  org_id: orgId,
  address,
  pending_address: sql`case when ${isPending} then ${address} end`,
  role: sql`case when n % 5 = 0 then 'admin' else 'member' end`,
  status: sql`case n % 3 when 0 then 'pending' when 1 then 'accepted'
    else case when n % 2 = 0 then 'declined' else 'revoked' end end`,
  generation: sql`1`,
  invited_by: sql`case when n % 2 = 0 then 'u_1000001' else 'u_founder' end`,
  created_at: time,
  // Those that last are pending, and of the big one: 20 of its 50,000 pending ones.
  expires_at: sql`case when n % 10002 = 3 then ${sql.lit(later + dayMs)}
    when n % 2 = 0 then ${sql.lit(now - dayMs)} else ${sql.lit(now + dayMs)} end`,
  send_count: sql`1`,
  last_send_at: time,
  ended_at: sql`case when ${isPending} then null else ${time} end`,
};

const mail: Columns = {
  org_id: orgId,
  invitation_id: uuid(1),
  number: sql`1`,
  state: sql`case when n % 1000 = 0 then 'queued' else 'sent' end`,
  attempts: sql`0`,
  next_attempt_at: time,
  created_at: time,
};

const auditEntry: Columns = {
  id: uuid(3),
  org_id: orgId,
  at: time,
  action: sql`'invitation.invited'`,
  subject: uuid(1),
};

const usage: Columns = {
  org_id: orgId,
  counter: sql`concat('counter-', n)`,
  used: sql`1`,
  change: sql`1`,
  expires_at: sql`case when n % 1000 = 0 then ${sql.lit(now - dayMs)} else ${sql.lit(now + dayMs)} end`,
};

const answer: Columns = {
  org_id: orgId,
  digest: sql`concat('digest-', n)`,
  request: sql`'request'`,
  answer: sql`'[]'`,
  expires_at: sql.lit(now + dayMs),
};

const reservation: Columns = {
  id: uuid(4),
  org_id: orgId,
  user_id: userId,
  activity: sql`'total'`,
  estimate: sql`1`,
  day: sql`'2027-01-15'`,
  day_ends_at: sql.lit(now + dayMs),
  month: sql`'2027-01'`,
  month_ends_at: sql.lit(now + dayMs),
  expires_at: sql`case when n % 1000 = 0 then ${sql.lit(now - dayMs)} else ${sql.lit(now + dayMs)} end`,
};

/** Makes so many rows of each kind, set by set. */
export async function fillCrowd(db: Kysely<object>, rows: number): Promise<void> {
  await fill(db, { table: 'oum_member', columns: member, rows });
  await fill(db, { table: 'oum_invitation', columns: invitation, rows });
  await fill(db, { table: 'oum_mail', columns: mail, rows });
  await fill(db, { table: 'oum_audit_entry', columns: auditEntry, rows });
  await fill(db, { table: 'oum_usage', columns: usage, rows });
  await fill(db, { table: 'oum_answer', columns: answer, rows });
  await fill(db, { table: 'oum_reservation', columns: reservation, rows });
  const own = sql`from oum_member as m where m.org_id = oum_organization.id and m.status = 'active'`;
  await sql`update oum_organization set active_members = (select count(*) ${own}),
    active_admins = (select count(*) ${own} and m.role = 'admin'),
    pending_upper_bound = (select count(*) from oum_invitation as i
      where i.org_id = oum_organization.id and i.status = 'pending')`.execute(db);
}

interface Filling {
  readonly table: string;
  readonly columns: Columns;
  readonly rows: number;
}

async function fill(db: Kysely<object>, { table, columns, rows }: Filling): Promise<void> {
  const names = Object.keys(columns).map((name) => sql.ref(name));
  await sql`insert into ${sql.table(table)} (${sql.join(names)})
    select ${sql.join(Object.values(columns))} from ${numbers}
    where n <= ${sql.lit(rows)}`.execute(db);
}
