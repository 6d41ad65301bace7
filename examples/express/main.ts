import { createApp } from './app.ts';
import type { User } from './sessions.ts';

const port = Number(process.env.PORT ?? 3000);
const origin = process.env.ORIGIN ?? `http://127.0.0.1:${port}`;

function account(userId: string): User {
  return {
    userId,
    email: `${userId}@acme.example.com`,
    emailVerified: true,
    orgId: 'acme',
    mayCreateOrganization: userId === 'founder',
  };
}

const { app } = await createApp({
  filename: process.env.DATABASE ?? 'express-example.sqlite',
  smtpUrl: process.env.SMTP_URL ?? 'smtp://127.0.0.1:1025',
  origin,
  secret: process.env.ORG_SECRET ?? crypto.randomUUID() + crypto.randomUUID(),
  accounts: new Map([
    ['founder-password', account('founder')],
    ['colleague-password', account('colleague')],
  ]),
});
app.listen(port, '127.0.0.1', () => console.log(`Express example on ${origin}`));
