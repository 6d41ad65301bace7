/** Where the package that knows phone numbers is absent. */
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test, vi } from 'vitest';
import { admin, createTeam, orgId } from '../fixtures/team.ts';

const absence = new Error('not installed');
vi.mock('libphonenumber-js/min', () => {
  throw absence;
});

test('a search names the missing package, and keeps what lay beneath', async () => {
  const { manager } = await createTeam(memoryStorage());
  const phones = { defaultCountry: 'NL' };
  const search = manager.bulkExtract({ orgId, actor: admin, text: '020 624 1111', phones });
  await expect(search).rejects.toMatchObject({
    code: 'invalid_options',
    details: { issues: [{ path: 'libphonenumber-js', message: expect.stringMatching('install') }] },
    cause: { cause: absence },
  });
});
