import { createApp } from './app.ts';
import type { User } from './tokens.ts';

const port = Number(process.env.PORT ?? 3000);
const origin = process.env.ORIGIN ?? `http://127.0.0.1:${port}`;

function user(userId: string): User {
  return {
    userId,
    email: `${userId}@acme.example.com`,
    emailVerified: true,
    orgId: 'acme',
    mayCreateOrganization: userId === 'founder',
  };
}

const app = await createApp({
  filename: process.env.DATABASE ?? 'fastify-example.sqlite',
  smtpUrl: process.env.SMTP_URL ?? 'smtp://127.0.0.1:1025',
  origin,
  secret: process.env.ORG_SECRET ?? crypto.randomUUID() + crypto.randomUUID(),
  users: new Map([
    ['founder-token', user('founder')],
    ['colleague-token', user('colleague')],
  ]),
});
await app.listen({ port, host: '127.0.0.1' });
console.log(`Fastify example on ${origin}`);
