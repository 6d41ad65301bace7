import type { Storage } from 'org-user-manager';
import { expect } from 'vitest';
import { account, admin, createTeam, orgId } from '../fixtures/team.ts';

/**
 * A name that ends where a server reads no backslashes but the driver writes them: what follows reads the
 * address of a member of the organization `b`.
 */
export const injection =
  "', (select address from oum_member where org_id=0x62 limit 1), 0x70656e64696e67, 1, 0x752d61, 1, 9999999999999, 1, 1, null, null) #";

/** Names that SQL could take for something else, or lose letters of. */
const names: readonly string[] = [
  "Pat O'Hara",
  injection,
  "\\' or 1 = 1 -- x",
  'a\\',
  '"double" `tick` {brace} ? ?? :name $1 %_!',
  'é ß 漢字 😀 עברית',
];

/** Calls of every kind, whose texts have to come back as they were sent, and whose limits have to hold. */
export async function expectToWork(storage: Storage): Promise<void> {
  const { manager, join, errors } = await createTeam(storage);
  const asAdmin = { orgId, actor: admin };

  // One by itself, and the others as rows of one statement.
  const [first = '', ...others] = names;
  await manager.invite({ ...asAdmin, email: 'p@acme.example.com', name: first });
  const addresses = others.map((_, index) => `p${index}@acme.example.com`);
  const perAddress = Object.fromEntries(
    others.map((name, index) => [`p${index}@acme.example.com`, { name }]),
  );
  await manager.inviteMany({ ...asAdmin, addresses, perAddress, idempotencyKey: 'once' });
  await manager.inviteMany({ ...asAdmin, addresses, perAddress, idempotencyKey: 'once' });
  const { items: invitations } = await manager.listInvitations(asAdmin);
  expect(invitations.map(({ name }) => name).toSorted()).toEqual(names.toSorted());

  const name = names.join(' ').slice(0, 200);
  // Counters have it in their names.
  const userId = "u_o'pat\\";
  await join(userId, 'member', { ...account('u_pat'), userId, name });
  const { items: found } = await manager.listMembers({ ...asAdmin, search: "PAT O'h" });
  expect(found.map((member) => member.name)).toEqual([name]);

  const pat = { ...asAdmin, userId };
  for (const daily of [5, 3, 3]) await manager.setLimit({ ...pat, daily });
  const charges = await Promise.all(
    Array.from({ length: 5 }, () => manager.consume({ orgId, userId })),
  );
  expect(charges.filter(({ allowed }) => allowed)).toHaveLength(3);
  const { windows } = await manager.usage(pat);
  expect(windows[0]).toMatchObject({ used: 3, limit: 3 });

  const { id = '' } = invitations[0] ?? {};
  await manager.resend({ ...asAdmin, invitationId: id }).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'resend_too_soon' });
  });
  await manager.revoke({ ...asAdmin, invitationId: id });
  await manager.disable(pat);
  const refused = await manager.consume({ orgId, userId });
  expect(refused).toMatchObject({ allowed: false, reason: 'member_disabled' });
  expect(errors).toEqual([]);
}
