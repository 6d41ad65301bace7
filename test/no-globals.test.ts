/** The package leaves the process as it finds it, and an application's zod leaves our texts alone. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isOrgUserManagerError } from 'org-user-manager';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod/mini';
import { admin, createTeam, orgId } from './fixtures/team.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entryPoints = Object.values(exports).flatMap((target) => Object(target).default ?? []);

// Packages that the entry points need are there first: what they set is theirs.
const script = `
  for (const name of ['kysely', 'papaparse']) await import(name);
  const look = () => [
    Reflect.ownKeys(globalThis).map(String),
    process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    Reflect.ownKeys(Object.prototype).map(String),
  ];
  const found = [look()];
  for (const path of process.argv.slice(1)) {
    await import(path);
    found.push(look());
  }
  console.log(JSON.stringify(found));
`;

test('importing an entry point of the build sets no global and adds no listener', async () => {
  expect(entryPoints.length).toBeGreaterThan(10);
  const args = ['--input-type=module', '-e', script, ...entryPoints];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  const [before, ...after] = JSON.parse(stdout);
  for (const [index, found] of after.entries()) {
    expect([entryPoints[index], found]).toEqual([entryPoints[index], before]);
  }
});

test('the first calls set no global either', async () => {
  const calls = `
    import { OrgUserManager } from './dist/src/index.js';
    import { memoryStorage } from './dist/adapters/storage/memory/index.js';
    const before = Reflect.ownKeys(globalThis).length;
    const manager = new OrgUserManager({
      storage: memoryStorage(),
      mailer: { send: async () => undefined },
      secret: crypto.randomUUID() + crypto.randomUUID(),
      baseUrl: 'https://app.acme.example.com/org',
    });
    const actor = { userId: 'u_1' };
    const admin = { ...actor, email: 'u_1@acme.example.com' };
    await manager.createOrganization({ orgId: 'acme', name: 'Acme', admin });
    await manager.bulkExtract({ orgId: 'acme', actor, text: 'u_2@acme.example.com' });
    await manager.invite({ orgId: 'acme', actor }).catch(() => undefined);
    console.log(Reflect.ownKeys(globalThis).length - before);
    process.exit();
  `;
  const args = ['--input-type=module', '-e', calls];
  const { stdout } = await run(process.execPath, args, { cwd: root });
  expect(stdout.trim()).toBe('0');
});

test('the texts of an application’s own zod are in none of ours', async () => {
  const canary = 'hunter2-hunter2';
  const { manager } = await createTeam(memoryStorage());
  const wrong: readonly (readonly [method: string, input: unknown])[] = [
    ['invite', canary],
    ['invite', { orgId, actor: admin, email: canary, [canary]: canary, limit: canary }],
    [
      'invite',
      { orgId, actor: { userId: 7, [canary]: 1 }, email: 7, role: canary, limit: [canary] },
    ],
    [
      'inviteMany',
      { orgId, actor: canary, addresses: [7, canary], perAddress: { [canary]: canary } },
    ],
    [
      'createOrganization',
      { orgId, name: 7, admin: canary, memberLimit: canary, allocation: canary },
    ],
    ['createOrganization', { orgId, name: 'x', admin: { userId: 7, name: [canary] } }],
    ['bulkExtract', { orgId, actor: admin, text: 7, phones: canary }],
    ['accept', { token: 7, account: canary }],
    ['accept', { token: 'x', account: { userId: canary, email: 7, emailVerified: canary } }],
    ['listMembers', { orgId, actor: admin, limit: canary, order: canary, sort: 7, cursor: 7 }],
    ['setInvitePolicy', { orgId, actor: admin, allowedDomains: [7], limit: { daily: canary } }],
    ['usageHistory', { orgId, actor: admin, from: 7, to: canary }],
    ['resend', { orgId, actor: admin, invitationId: 7, rotate: canary }],
  ];
  const call = async (method: string, input: unknown) => {
    try {
      await Reflect.apply(Reflect.get(manager, method), manager, [input]);
    } catch (error) {
      if (isOrgUserManagerError(error, 'invalid_input')) return error.details.issues;
      throw error;
    }
    throw new Error(`${method} takes it`);
  };
  const issues = await Promise.all(wrong.map(([method, input]) => call(method, input)));
  for (const { message } of issues.flat()) {
    expect(message).toMatch(/^(?:must|is|has) \w/);
    expect(message).not.toBe('Invalid input');
  }
  z.config({ customError: ({ input }) => `not ${JSON.stringify(input)}, ${canary}` });
  onTestFinished(() => void z.config({ customError: undefined }));
  const again = await Promise.all(wrong.map(([method, input]) => call(method, input)));
  expect(again).toEqual(issues);
});
