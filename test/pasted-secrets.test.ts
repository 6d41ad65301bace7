/** What is refused of a paste may be a password: only the admin who pasted it is told. */
import { inspect } from 'node:util';
import { createHandler } from 'org-user-manager/http';
import { sqliteStorage } from 'org-user-manager/sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { allEvents } from './fixtures/all-events.ts';
import { dump, openRaw, sqliteFile } from './fixtures/sqlite-file.ts';
import { account, admin, createTeam, orgId } from './fixtures/team.ts';

const canary = 's3cret-s3cret';
const url = `postgres://app:${canary}@db.example.com/app`;

test('a password in a paste is stored, logged, sent and thrown nowhere', async () => {
  const filename = sqliteFile();
  const { manager, mailer, errors } = await createTeam(sqliteStorage({ filename }));
  onTestFinished(() => manager.close());
  const told: unknown[] = [];
  for (const name of allEvents) manager.on(name, (event) => void told.push(name, event));
  const outputs = [
    ...(['debug', 'info', 'log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name)),
    vi.spyOn(process, 'emitWarning'),
    vi.spyOn(process.stdout, 'write'),
    vi.spyOn(process.stderr, 'write'),
  ];
  const call = { orgId, actor: admin };
  const text = `${url}, ana@example.com, ${canary}@x`;
  const report = await manager.bulkExtract({ ...call, text });
  expect(report.entries).toMatchObject([
    { verdict: 'rejected', reason: 'userinfo-url' },
    { verdict: 'ok', key: 'ana@example.com' },
    { verdict: 'rejected', reason: 'no-tld' },
  ]);
  told.push(Buffer.from(report.planId.split('.')[0] ?? '', 'base64url').toString());
  const many = { ...call, addresses: [url, 'ana@example.com'], idempotencyKey: 'k' };
  await manager.inviteMany(many);
  await manager.inviteMany(many);
  const refused = [
    () => manager.invite({ ...call, email: url }),
    () => manager.inviteMany({ ...call, planId: report.planId, addresses: [url] }),
    () => manager.inviteMany({ ...call, addresses: [], perAddress: { [url]: {} } }),
    () => manager.setInvitePolicy({ ...call, allowedDomains: [url] }),
    () => Reflect.apply(manager.bulkExtract, manager, [{ ...call, text, [url]: 1 }]),
  ];
  for (const attempt of refused) {
    const error = await attempt().then(
      () => 'allowed',
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'invalid_input' });
    told.push(inspect(error, { depth: 9, showHidden: true }));
  }
  const handler = createHandler(manager, { identify: () => ({ ...account(admin.userId), orgId }) });
  for (const body of [`{"text":"${url}`, JSON.stringify({ text, [url]: 1 }), `"${url}"`]) {
    const method = 'POST';
    const headers = { 'content-type': 'application/json' };
    const path = `${manager.settings.baseUrl}/api/invitations/bulk-extract`;
    const response = await handler(new Request(path, { method, headers, body }));
    expect(response.status).toBe(400);
    told.push(await response.text());
  }
  await manager.deliverMail();
  expect(mailer.sent).toHaveLength(1);
  told.push(
    mailer.sent,
    errors,
    dump(openRaw(filename)),
    outputs.map(({ mock }) => mock.calls),
  );
  expect(inspect(told, { depth: 9, maxArrayLength: null, maxStringLength: null })).not.toContain(
    canary,
  );
});
