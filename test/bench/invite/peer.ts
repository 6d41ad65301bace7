import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { organization } from 'better-auth/plugins/organization';
import { Kysely, PostgresDialect, SqliteDialect } from 'kysely';
import { type BenchDatabase, countStatement, type Engine, type StatementCount } from './engines.ts';

/** An account that is signed in. */
export interface SignedIn {
  readonly email: string;
  readonly headers: Headers;
}

/** What a benchmark wants of the peer. */
export interface PeerOptions {
  readonly count?: StatementCount;
  /** Most pending invitations. Default: its limit is lifted. */
  readonly invitationLimit?: number;
}

/** better-auth with its organization plugin, its limits lifted, and an admin who is signed in. */
export async function openPeer(
  { type }: Engine,
  { native }: BenchDatabase,
  { count, invitationLimit = 1_000_000 }: PeerOptions = {},
) {
  const dialect =
    'pool' in native ? new PostgresDialect(native) : new SqliteDialect({ database: native.sqlite });
  const log = count && countStatement(count);
  const db = new Kysely<Record<string, Record<string, unknown>>>({ dialect, ...(log && { log }) });
  const options = {
    secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
    baseURL: 'https://app.example.com',
    database: { db, type },
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [
      organization({
        invitationLimit,
        membershipLimit: 1_000_000,
        organizationLimit: 1_000_000,
        requireEmailVerificationOnInvitation: false,
        sendInvitationEmail: async () => undefined,
      }),
    ],
  };
  const auth = betterAuth(options);
  await (await getMigrations(options)).runMigrations();

  async function signUp(email: string): Promise<SignedIn> {
    const body = { name: 'Somebody', email, password: 'a long enough password' };
    const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true });
    const cookie = headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ');
    return { email, headers: new Headers({ cookie }) };
  }

  const admin = await signUp('admin@example.com');
  let made = 0;

  /** A fresh organization of the admin; its id. */
  async function createOrganization(): Promise<string> {
    const body = { name: 'Acme', slug: `acme-${++made}` };
    const { id } = (await auth.api.createOrganization({ body, headers: admin.headers })) ?? {};
    return id ?? '';
  }

  /** Invites one address; the id of the invitation. */
  async function invite(organizationId: string, email: string): Promise<string> {
    const body = { email, role: 'member' as const, organizationId };
    return (await auth.api.createInvitation({ body, headers: admin.headers })).id;
  }

  async function accept(invitationId: string, { headers }: SignedIn): Promise<void> {
    await auth.api.acceptInvitation({ body: { invitationId }, headers });
  }

  async function list(organizationId: string): Promise<number> {
    const query = { organizationId };
    return (await auth.api.listInvitations({ query, headers: admin.headers })).length;
  }

  return { db, signUp, createOrganization, invite, accept, list };
}

/** The peer, opened. */
export type Peer = Awaited<ReturnType<typeof openPeer>>;
