import { kyselyStorage } from '../../../adapters/storage/kysely/index.ts';
// The SDK's own one: in this folder, `kysely` is the one that the peer was installed with.
import { Kysely, PostgresDialect, SqliteDialect } from '../../../node_modules/kysely/dist/index.js';
import { OrgUserManager } from '../../../src/index.ts';
import { tokenIn } from '../../fixtures/recording-mailer.ts';
import { type BenchDatabase, countStatement, type StatementCount } from './engines.ts';

export const actor = { userId: 'u_admin' };

/** What a benchmark wants of the manager. */
export interface OurOptions {
  readonly count?: StatementCount;
  /** Most pending invitations. Default: no limit. */
  readonly pendingInvitationLimit?: number | null;
}

/**
 * A migrated manager, which counts its statements. Nothing sends the queued mails: the peer's mailer
 * does nothing either.
 */
export async function openOurs(
  { native, schema }: BenchDatabase,
  { count, pendingInvitationLimit = null }: OurOptions = {},
) {
  const dialect =
    'pool' in native ? new PostgresDialect(native) : new SqliteDialect({ database: native.sqlite });
  const log = count && countStatement(count);
  const storage = kyselyStorage(new Kysely<object>({ dialect, ...(log && { log }) }), {
    ...(schema && { schema }),
  });
  const idle = {
    claim: async () => [],
    settle: async () => undefined,
    nextDueAt: async () => undefined,
  };
  const manager = new OrgUserManager({
    storage: { ...storage, outbox: idle },
    mailer: { send: async () => undefined },
    secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
    baseUrl: 'https://app.example.com/org',
    pendingInvitationLimit,
    bulkAddressLimit: 10_000,
    storageDeadlineMs: 60_000,
  });
  await manager.migrate();
  let made = 0;

  /** A fresh organization; its id. */
  async function createOrganization(): Promise<string> {
    const orgId = `org_${++made}`;
    const admin = { userId: actor.userId, email: 'admin@example.com' };
    await manager.createOrganization({ orgId, name: 'Acme', admin });
    return orgId;
  }

  /** Invites an account; the token of its link. */
  async function tokenFor(orgId: string, email: string): Promise<string> {
    const result = await manager.invite({ orgId, actor, email });
    return tokenIn('invitation' in result ? (result.invitation.link ?? '') : '');
  }

  return { manager, createOrganization, tokenFor };
}

/** Ours, opened. */
export type Ours = Awaited<ReturnType<typeof openOurs>>;

let count = 0;

/** Addresses that nobody was invited at before. */
export function newAddresses(howMany: number): readonly string[] {
  return Array.from({ length: howMany }, () => `p${++count}@d${count % 50}.example.com`);
}
