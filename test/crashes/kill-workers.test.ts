import { readFileSync } from 'node:fs';
import { OrgUserManager } from 'org-user-manager';
import { fakeClock } from 'org-user-manager/testing';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import {
  findBreaches,
  isNewest,
  type OrganizationFacts,
  readFacts,
} from '../fixtures/invariants.ts';
import { noteMails } from '../fixtures/mail-log.ts';
import { openStorage, openTables, type Place } from '../fixtures/place.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';
import { sqliteFile } from '../fixtures/sqlite-file.ts';
import { secret } from '../fixtures/team.ts';
import { openLoad, pendingLimit } from './load.ts';
import { seed, seededRandom } from './random.ts';
import { reckon } from './reckon.ts';

// Two kills in each.
const rounds = process.env.OUM_THOROUGH ? 160 : 15;
// So many on the same organizations.
const roundsEach = 2;

// What a call may say on a busy day. A locked or busy database is not among it.
const legal = `done repeated allowed invited already_invited already_member member_disabled
  pending_limit_reached not_a_member not_an_admin member_not_found last_admin member_limit_reached
  invitation_unusable invitation_not_found already_a_member resend_too_soon duplicate`.split(/\s+/);

const rows: string[] = [];

/** Pending invitations whose newest mail was neither sent nor given up. */
function untriedIn({ invitations, mails }: OrganizationFacts): readonly string[] {
  const tried = mails.filter(({ state }) => ['sent', 'failed'].includes(state));
  return invitations
    .filter((row) => row.status === 'pending' && !tried.some((mail) => isNewest(mail, row)))
    .map(({ id }) => id);
}

/** How its Message-ID begins. */
const messageIdOf = ({ invitation_id, number }: OrganizationFacts['mails'][number]) =>
  `<${invitation_id}.${number}@`;

function managerOn(place: Place, mailLog: string, now?: number): OrgUserManager {
  return new OrgUserManager({
    storage: openStorage(place),
    mailer: noteMails(mailLog),
    secret,
    baseUrl: 'https://app.acme.example.com/org',
    pendingInvitationLimit: pendingLimit,
    resendCooldownMs: 0,
    ...(now !== undefined && { clock: fakeClock(now) }),
  });
}

describeEach(sharedEngines(), { timeout: rounds * 10_000 })('on $name', (engine) => {
  test('whatever is killed, everything that was answered is there and nothing is half done', async () => {
    const { place, drop } = await engine.create();
    onTestFinished(drop);
    const mailLog = sqliteFile();
    const manager = managerOn(place, mailLog);
    await manager.migrate();
    const tables = openTables(place);
    const snapshot = () => {
      const reading = tables.transaction();
      return place.engine === 'SQLite' ? reading : reading.setIsolationLevel('repeatable read');
    };
    const load = await openLoad({ place, manager, mailLog, random: seededRandom(seed) });

    const breaches = new Set<string>();
    const interrupted: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      if (round % roundsEach === 1) await load.renew();
      interrupted.push(...(await load.killTwo()));
      const facts = await snapshot().execute(readFacts);
      for (const breach of facts.flatMap((one) => findBreaches(one, { pendingLimit }))) {
        breaches.add(breach);
      }
    }
    const errors = await load.close();
    await manager.close();

    const left = (await readFacts(tables)).flatMap(({ mails }) =>
      mails.filter(({ state }) => state === 'queued'),
    );
    // Later than every lease of the dead.
    const successor = managerOn(place, mailLog, Date.now() + 10 * 60_000);
    await successor.deliverMail();
    await successor.close();

    const facts = await readFacts(tables);
    const counters = Map.groupBy(
      await tables.selectFrom('oum_usage').selectAll().execute(),
      ({ org_id }) => org_id,
    );
    await tables.destroy();
    const calls = Map.groupBy(load.calls, ({ orgId }) => orgId);
    const reckonings = facts.map((one) => {
      const { id } = one.organization;
      return reckon({ ...one, counters: counters.get(id) ?? [] }, calls.get(id) ?? []);
    });
    const mails = facts.flatMap((one) => one.mails);
    const sent = readFileSync(mailLog, 'utf8');
    const faults = [
      ...new Set([...breaches, ...facts.flatMap((one) => findBreaches(one, { pendingLimit }))]),
      ...errors,
      ...reckonings.flatMap(({ losses }) => losses),
      ...mails
        .filter(({ state }) => state === 'queued')
        .map((mail) => `${messageIdOf(mail)} is still waiting`),
      ...mails
        .filter((mail) => mail.state === 'sent' && !sent.includes(messageIdOf(mail)))
        .map((mail) => `${messageIdOf(mail)} counts as sent, and no mailer had it`),
      ...facts.flatMap(untriedIn).map((id) => `the pending invitation ${id} was never mailed`),
      ...load.calls.flatMap(({ call, outcome = 'done' }) =>
        outcome.split(' ').every((word) => legal.includes(word))
          ? []
          : [`${call.method}: ${outcome}`],
      ),
    ];

    const hits = interrupted.filter((count) => count > 0).length;
    const unanswered = load.calls.filter(({ outcome }) => outcome === undefined).length;
    const untold = reckonings.reduce((sum, reckoning) => sum + reckoning.untold, 0);
    rows.push(
      `${engine.name}, seed ${seed}: ${interrupted.length} kills, ${hits} in the middle of calls; ` +
        `${load.calls.length} calls, ${unanswered} unanswered, ${untold} changes untold; ` +
        `${mails.length} mails, ${left.length} left by the dead; ${faults.length} faults`,
    );
    expect(faults, `OUM_SEED=${seed}`).toEqual([]);
    expect(hits).toBeGreaterThan(interrupted.length / 2);
  });
});

afterAll(() => console.log(`\n${rows.join('\n')}\n`));
