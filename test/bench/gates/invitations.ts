/** The gates of inviting beside better-auth: C2, C3, and the statements of C6. */
import type { Engine } from '../invite/engines.ts';
import { actor, openOurs } from '../invite/ours.ts';
import { openPeer } from '../invite/peer.ts';
import type { Row } from './row.ts';

const addresses = (howMany: number) =>
  Array.from({ length: howMany }, (_, index) => `p${index}@example.com`);

/** How many of the calls, one after another or all at once, ended well. */
async function countInvited(
  calls: readonly (() => Promise<boolean>)[],
  atOnce: boolean,
): Promise<number> {
  const ended: boolean[] = [];
  const run = async (call: () => Promise<boolean>) => ended.push(await call().catch(() => false));
  if (atOnce) await Promise.all(calls.map(run));
  else for (const call of calls) await run(call);
  return ended.filter(Boolean).length;
}

interface Rush {
  readonly engine: Engine;
  readonly limit: number;
  readonly emails: readonly string[];
  readonly atOnce: boolean;
}

/** How many are pending after a rush of invitations: here, and with the peer. */
async function rush({ engine, limit, emails, atOnce }: Rush): Promise<readonly [string, string]> {
  const ours = await openOurs(await engine.open(), { pendingInvitationLimit: limit });
  const orgId = await ours.createOrganization();
  const invite = (email: string) => async () => {
    const { outcome } = await ours.manager.invite({ orgId, actor, email });
    return outcome === 'invited';
  };
  await countInvited(emails.map(invite), atOnce);
  const { total } = await ours.manager.listInvitations({ orgId, actor, limit: 1 });
  const peer = await openPeer(engine, await engine.open(), { invitationLimit: limit });
  const organizationId = await peer.createOrganization();
  const inviteThere = (email: string) => async () =>
    (await peer.invite(organizationId, email)) !== '';
  const theirs = await countInvited(emails.map(inviteThere), atOnce);
  return [`${total.count}`, `better-auth ${theirs}`];
}

export async function gateC2(engine: Engine): Promise<readonly Row[]> {
  const crowd = { engine, limit: 150, emails: addresses(220), atOnce: false };
  return [[`C2 limit 150, 220 invited, ${engine.name}`, '150', ...(await rush(crowd))]];
}

export async function gateC3(engine: Engine): Promise<readonly Row[]> {
  const twins = { engine, limit: 100, emails: Array(20).fill('ana@example.com'), atOnce: true };
  const crowd = { engine, limit: 5, emails: addresses(20), atOnce: true };
  return [
    [`C3 one address 20 times at once, ${engine.name}`, '1', ...(await rush(twins))],
    [`C3 limit 5, 20 at once, ${engine.name}`, '5', ...(await rush(crowd))],
  ];
}

/** Statements, outbox and audit log included; what begins and ends a transaction is left out. */
export async function gateC6(engine: Engine): Promise<readonly Row[]> {
  const count = { statements: 0 };
  const counted = async (call: () => Promise<unknown>) => {
    count.statements = 0;
    await call();
    return `${count.statements}`;
  };
  const email = 'ana@example.com';
  const { manager, createOrganization, tokenFor } = await openOurs(await engine.open(), { count });
  const orgId = await createOrganization();
  const account = { userId: 'u_ana', email, emailVerified: true };
  let token = '';
  const invited = await counted(async () => {
    token = await tokenFor(orgId, email);
  });
  const accepted = await counted(() => manager.accept({ token, account }));
  const peer = await openPeer(engine, await engine.open(), { count });
  const organizationId = await peer.createOrganization();
  const ana = await peer.signUp(email);
  let id = '';
  const invitedThere = await counted(async () => {
    id = await peer.invite(organizationId, email);
  });
  const acceptedThere = await counted(() => peer.accept(id, ana));
  return [
    [`C6 statements of an invitation, ${engine.name}`, '5', invited, `better-auth ${invitedThere}`],
    [`C6 of an acceptance, ${engine.name}`, '6', accepted, `better-auth ${acceptedThere}`],
  ];
}
