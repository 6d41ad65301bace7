// A small application whose module waits for its calls, as a script or a start-up file does.
import { OrgUserManager } from 'org-user-manager';
import { smtpMailer } from 'org-user-manager/smtp-mailer';
import { sqliteStorage } from 'org-user-manager/sqlite';

let errors = [];
const manager = new OrgUserManager({
  storage: sqliteStorage({ filename: ':memory:' }),
  mailer: smtpMailer({ url: 'smtp://127.0.0.1:1', from: 'no-reply@acme.example.com' }),
  secret: 'k9Qz3vTn7RbYw2Lx8Hc5Jd1Mf6Sg4Pa0',
  baseUrl: 'https://app.acme.example.com/org',
  onError: (error) => errors.push(`${error.code}: ${error.message}`),
});
const orgId = 'acme';
const actor = { userId: 'robin' };

async function inviteByMail(email) {
  const { outcome } = await manager.invite({ orgId, actor, email });
  await manager.deliverMail();
  return outcome;
}

async function paste(phones) {
  const text = 'kim@acme.example.com +1 415 555 2671';
  const found = await manager.bulkExtract({ orgId, actor, text, phones });
  return [...found.ready, ...found.phones.map(({ number }) => number)];
}

await manager.migrate();
await manager.createOrganization({
  orgId,
  name: 'Acme',
  admin: { userId: 'robin', email: 'robin@acme.example.com' },
});
const atStart = { outcome: await inviteByMail('sam@acme.example.com'), paste: await paste() };

// What a bundler puts in place of a dynamic import of a peer may be there only from here on.
setImmediate(async () => {
  errors = [];
  const outcome = await inviteByMail('pat@acme.example.com');
  const phones = await paste({ defaultCountry: 'US' }).catch(({ message }) => message);
  await manager.close();
  console.log(JSON.stringify({ atStart, outcome, phones, errors }));
});
