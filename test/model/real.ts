import { type MailMessage, OrgUserManager, type Page, type Storage } from 'org-user-manager';
import { OrgUserSupport } from 'org-user-manager/support';
import type { FakeClock } from 'org-user-manager/testing';
import { secret } from '../fixtures/manager.ts';
import type { Call, Inputs, Operation } from './operations.ts';
import { type Outcome, refusal } from './outcome.ts';
import { terms } from './world.ts';

/** The library, one call at a time. */
export type Perform = <O extends Operation>(call: Call<O>) => Promise<Outcome>;

type Doors = { readonly [O in Operation]: (input: Inputs[O]) => Promise<unknown> };

/** Opens the public entry points on a storage. Mails stay in the outbox: they are tested elsewhere. */
export function openReal(storage: Storage, clock: FakeClock): Perform {
  const doors = openDoors(storage, clock);
  return async ({ operation, input }) => {
    try {
      return { answer: await doors[operation](input) };
    } catch (error) {
      return refusal(error);
    }
  };
}

function openDoors(storage: Storage, clock: FakeClock): Doors {
  const outbox = {
    claim: async () => [],
    settle: async () => undefined,
    nextDueAt: async () => undefined,
  };
  const manager = new OrgUserManager({
    storage: { ...storage, outbox },
    mailer: { send: async ({ to }: MailMessage) => Promise.reject(new Error(`a mail to ${to}`)) },
    secret,
    baseUrl: 'https://app.example.com/org',
    clock,
    ...terms,
  });
  const support = new OrgUserSupport({ storage, clock });
  return {
    createOrganization: (input) => manager.createOrganization(input),
    organization: (input) => manager.organization(input),
    setInvitePolicy: (input) => manager.setInvitePolicy(input),
    setAllocation: (input) => manager.setAllocation(input),
    invite: (input) => manager.invite(input),
    inviteMany: (input) => manager.inviteMany(input),
    resend: (input) => manager.resend(input),
    revoke: (input) => manager.revoke(input),
    accept: (input) => manager.accept(input),
    decline: (input) => manager.decline(input),
    previewInvitation: (input) => manager.previewInvitation(input),
    promote: (input) => manager.promote(input),
    demote: (input) => manager.demote(input),
    disable: (input) => manager.disable(input),
    restore: (input) => support.restore(input),
    setLimit: (input) => manager.setLimit(input),
    consume: (input) => manager.consume(input),
    usage: (input) => manager.usage(input),
    member: (input) => manager.member(input),
    listMembers: (input) => allPages((cursor) => manager.listMembers({ ...input, cursor })),
    listInvitations: (input) => allPages((cursor) => manager.listInvitations({ ...input, cursor })),
    advance: async ({ milliseconds }) => clock.advance(milliseconds),
  };
}

/** Every page of a list; `total` has to be the same on each. */
async function allPages<Item>(read: (cursor?: string) => Promise<Page<Item>>) {
  const items: Item[] = [];
  const totals = new Set<string>();
  const cursors = new Set<string | undefined>();
  let cursor: string | undefined;
  do {
    if (cursors.has(cursor)) throw new Error('the list goes round in a circle');
    cursors.add(cursor);
    const page = await read(cursor);
    items.push(...page.items);
    totals.add(JSON.stringify(page.total));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const [total = '', ...others] = totals;
  return { items, total: others.length > 0 ? [...totals] : JSON.parse(total) };
}
