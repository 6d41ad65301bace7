import { fileURLToPath } from 'node:url';
import express, { type Express, type Request } from 'express';
import { OrgUserManager, systemActor } from 'org-user-manager';
import { expressFetch, expressHandler, expressUsageGuard } from 'org-user-manager/express';
import { inboxMailer } from 'org-user-manager/inbox-mailer';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { demoAccount, signedIn } from './people.ts';
import { orgId, seed } from './seed.ts';

export interface Demo {
  readonly app: Express;
  close(): Promise<void>;
}

/** The demo's host application, seeded, with its database in `filename`. */
export async function createDemo(filename: string, origin: string): Promise<Demo> {
  const inbox = inboxMailer();
  const manager = new OrgUserManager({
    storage: sqliteStorage({ filename }),
    mailer: inbox,
    // A demo's links may die with it; a real host keeps its secret.
    secret: crypto.randomUUID() + crypto.randomUUID(),
    baseUrl: `${origin}/org`,
    activities: ['search', 'export'],
    contact: 'Ask the administrator of Acme to raise your limit.',
  });
  await manager.migrate();
  await seed(manager);

  const identify = (request: Request) => {
    const account = signedIn(request.headers);
    return account && { ...account, orgId, emailVerified: true };
  };
  const app = express();
  app.disable('x-powered-by');
  app.use('/org', expressHandler(manager, { identify }));
  app.use('/inbox', expressFetch(inbox.handler));

  // The host's product: every search costs 10 units.
  const guard = expressUsageGuard(manager, { identify, activity: 'search', cost: 10 });
  app.get('/search', guard, (_request, response) => {
    response.json({ results: ['first result', 'second result'] });
  });

  app.get('/people', async (_request, response) => {
    response.json(await people(manager));
  });
  app.post('/sign-in/:userId', (request, response) => {
    const account = demoAccount(request.params.userId);
    if (!account) return response.sendStatus(400);
    response.cookie('demo_user', account.userId, { httpOnly: true, sameSite: 'strict' });
    return response.sendStatus(204);
  });
  app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));
  return { app, close: () => manager.close() };
}

/** Everyone whom the page's switcher offers: members of any status, and invited people. */
async function people(manager: OrgUserManager) {
  const call = { orgId, actor: systemActor, limit: 200 };
  const members = await manager.listMembers({ ...call, status: 'all' });
  const invited = await manager.listInvitations(call);
  return [
    ...members.items.map(({ userId, role, status }) => ({
      userId,
      label: status === 'disabled' ? 'disabled' : role,
    })),
    ...invited.items
      .map(({ address }) => ({ userId: address.split('@')[0] ?? '', label: 'invited' }))
      .filter(({ userId }) => demoAccount(userId)),
  ];
}
