/** Eight admins paste overlapping lists at once, in several processes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBreaches, type OrganizationFacts } from '../fixtures/invariants.ts';
import { sharedEngines } from '../fixtures/places.ts';
import { describeEach } from '../fixtures/servers.ts';
import type { CallReport } from '../fixtures/worker-commands.ts';
import { openStadium, type Stadium } from './open-stadium.ts';
import { createArena, founder } from './race.ts';

const repetitions = process.env.OUM_THOROUGH ? 30 : 5;
const admins = [founder, ...Array.from({ length: 7 }, (_, index) => `u_${index}`)];
const people = Array.from({ length: 60 }, (_, index) => `p${index}@acme.example.com`);
/** Each begins elsewhere in the circle, so that every two neighbours share most of their list. */
const listOf = (admin: number) =>
  Array.from({ length: 25 }, (_, index) => people[(admin * 7 + index) % people.length] ?? '');

/** What callers were told that is not so. */
function findLies(
  { invitations }: OrganizationFacts,
  reports: readonly CallReport[],
  pendingLimit: number,
): readonly string[] {
  const pending = invitations.filter(({ status }) => status === 'pending');
  const rows = new Map(pending.map((row) => [row.address, row]));
  const isTrue: Readonly<Record<string, (address: string, by: string) => boolean>> = {
    invited: (address, by) => rows.get(address)?.invited_by === by,
    already_invited: (address) => rows.has(address),
    pending_limit_reached: () => pending.length === pendingLimit,
  };
  const told = reports.flatMap(({ outcome }, index) =>
    outcome.split(' ').map((said, place) => {
      return { said, address: listOf(index)[place] ?? '', by: admins[index] ?? '' };
    }),
  );
  const expected = Math.min(pendingLimit, people.length);
  return [
    ...told
      .filter(({ said, address, by }) => !isTrue[said]?.(address, by))
      .map(({ said, address, by }) => `${by} was told ${said} of ${address}`),
    ...(told.length === admins.length * 25 ? [] : [`${told.length} results`]),
    ...(pending.length === expected ? [] : [`${pending.length} are pending`]),
    ...(told.filter(({ said }) => said === 'invited').length === expected ? [] : ['not all told']),
  ];
}

describeEach(sharedEngines())('eight pastes at once on $name', (engine) => {
  let stadium: Stadium;

  beforeAll(async () => {
    stadium = await openStadium(engine);
  });

  afterAll(async () => {
    expect(await stadium.leave()).toEqual([]);
  });

  async function openArena(orgId: string) {
    const arena = await createArena(stadium.manager, orgId, null);
    for (const admin of admins.slice(1)) await arena.join(admin, 'admin');
  }

  async function factsOf(orgId: string): Promise<OrganizationFacts> {
    const [facts] = await stadium.readFacts([orgId]);
    if (!facts) throw new Error('nothing is stored');
    return facts;
  }

  function pasteAtOnce(
    orgId: string,
    pendingInvitationLimit: number,
    inputOf: (admin: number) => {
      by: string;
      addresses: readonly string[];
      idempotencyKey?: string;
    },
  ) {
    const at = process.hrtime.bigint() + 20_000_000n;
    return Promise.all(
      admins.map((_, index) => {
        const { by, ...list } = inputOf(index);
        const input = { orgId, actor: { userId: by }, ...list };
        const call = { method: 'inviteMany', input } as const;
        const worker = stadium.workers[index % stadium.workers.length];
        if (!worker) throw new Error('no worker');
        const command = { do: 'call', orgId, by, at, call, pendingInvitationLimit } as const;
        return worker.ask<CallReport>(command);
      }),
    );
  }

  test('one invitation per address, the limit exact, each caller told the truth', async () => {
    for (let turn = 0; turn < repetitions; turn++) {
      const orgId = `paste-${turn}`;
      const pendingLimit = turn % 2 === 0 ? 1000 : 40;
      await openArena(orgId);
      const reports = await pasteAtOnce(orgId, pendingLimit, (index) => ({
        by: admins[index] ?? '',
        addresses: listOf(index),
      }));
      const stored = await factsOf(orgId);
      expect(findBreaches(stored, { pendingLimit })).toEqual([]);
      expect(findLies(stored, reports, pendingLimit)).toEqual([]);
    }
  });

  test('one key, sent by eight at once, is carried out once', async () => {
    for (let turn = 0; turn < repetitions; turn++) {
      const orgId = `key-${turn}`;
      await openArena(orgId);
      const addresses = people.slice(0, 10);
      const reports = await pasteAtOnce(orgId, 1000, () => ({
        by: founder,
        addresses,
        idempotencyKey: 'k',
      }));
      const invited = addresses.map(() => 'invited').join(' ');
      expect(reports.map(({ outcome }) => outcome)).toEqual(admins.map(() => invited));
      const facts = await factsOf(orgId);
      const entries = facts.auditEntries.filter(({ action }) => action === 'invitation.invited');
      expect(entries).toHaveLength(addresses.length + admins.length - 1);
      expect(facts.mails).toHaveLength(addresses.length + admins.length - 1);
    }
  });
});
