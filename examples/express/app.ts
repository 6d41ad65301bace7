import express, { type Express, type Request } from 'express';
import { OrgUserManager } from 'org-user-manager';
import { expressHandler, expressUsageGuard } from 'org-user-manager/express';
import { smtpMailer } from 'org-user-manager/smtp-mailer';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { createSessions, type User } from './sessions.ts';

export interface AppOptions {
  /** SQLite file. */
  readonly filename: string;
  /** Such as `smtp://127.0.0.1:1025`. */
  readonly smtpUrl: string;
  /** The origin that browsers see. */
  readonly origin: string;
  /** At least 32 random bytes. */
  readonly secret: string;
  /** The accounts of this application, by the password they sign in with. */
  readonly accounts: ReadonlyMap<string, User>;
}

/** A small product: it searches, and every search counts against the member's limit. */
export async function createApp(
  options: AppOptions,
): Promise<{ app: Express; close(): Promise<void> }> {
  const manager = new OrgUserManager({
    storage: sqliteStorage({ filename: options.filename }),
    mailer: smtpMailer({ url: options.smtpUrl, from: 'Acme <no-reply@acme.example.com>' }),
    secret: options.secret,
    baseUrl: `${options.origin}/org`,
    activities: ['search'],
  });
  await manager.migrate();

  const sessions = createSessions();
  // Disabling shuts this library's doors at once; the host's own sessions are the host's to end.
  manager.on('member.disabled', ({ userId }) => sessions.endAll(userId));
  const identify = (request: Request) => sessions.find(request.headers.cookie);

  const app = express();
  app.use(express.json());
  app.post('/sign-in', (request, response) => {
    const user = options.accounts.get(request.body.password);
    if (!user) return response.sendStatus(401);
    response.cookie('session', sessions.start(user), { httpOnly: true, sameSite: 'strict' });
    return response.sendStatus(204);
  });
  app.use('/org', expressHandler(manager, { identify }));
  app.get(
    '/search',
    expressUsageGuard(manager, { identify, activity: 'search', cost: 10 }),
    (request, response) => {
      response.json({ query: request.query.q ?? '', results: [] });
    },
  );
  return { app, close: () => manager.close() };
}
