/** Every answer of 500 and above names itself, and `onError` gets the same name. */
import { OrgUserManagerError } from 'org-user-manager';
import { createHandler, createUsageGuard } from 'org-user-manager/http';
import { memoryStorage } from 'org-user-manager/memory';
import { expect, test } from 'vitest';
import { createTeam } from '../fixtures/team.ts';
import { adminIdentity } from './doors.ts';

const identify = () => adminIdentity;
const browser = { accept: 'text/html,*/*;q=0.8' };

async function open() {
  const reports: { error: unknown; instance: string | undefined }[] = [];
  const storage = memoryStorage();
  const onError = (error: unknown, about?: { readonly instance?: string }) =>
    void reports.push({ error, instance: about?.instance });
  const { manager } = await createTeam(storage, { onError });
  const fault = new OrgUserManagerError('unavailable', {});
  const breakDown = () => {
    storage.rateLimits.consume = () => Promise.reject(fault);
    storage.load = () => Promise.reject(fault);
  };
  const handler = createHandler(manager, { identify });
  const guard = createUsageGuard(manager, { identify });
  const ask = async (path: string, init?: RequestInit) =>
    handler(new Request(`https://app.acme.example.com/org${path}`, init));
  const charge = async (headers: Record<string, string> = {}) => {
    const verdict = await guard(new Request('https://app.acme.example.com/', { headers }));
    if (verdict.allowed) expect.fail('allowed');
    return new Response(verdict.body, verdict);
  };
  return { manager, reports, breakDown, ask, charge };
}
type Place = Awaited<ReturnType<typeof open>>;

const json = { 'content-type': 'application/json' };

test.each<[string, number, (place: Place) => Promise<Response>]>([
  [
    'a callback that fails',
    500,
    ({ manager }) =>
      createHandler(manager, { identify: () => Promise.reject(new Error('no sessions')) })(
        new Request('https://app.acme.example.com/org/api/me'),
      ),
  ],
  [
    'an identity that is none',
    500,
    ({ manager }) =>
      createHandler(manager, { identify: () => Object({ userId: 7 }) })(
        new Request('https://app.acme.example.com/org/api/me'),
      ),
  ],
  ['a storage that fails', 503, ({ ask }) => ask('/api/organization')],
  ['counters that fail', 503, ({ ask }) => ask('/api/consume', { method: 'POST', headers: json })],
  ['counters that fail behind the guard', 503, ({ charge }) => charge()],
  ['counters that fail, as a page,', 503, ({ charge }) => charge(browser)],
])('of %s', async (_, status, cause) => {
  const place = await open();
  place.breakDown();
  const bodies = [];
  for (let time = 0; time < 2; time += 1) {
    const response = await cause(place);
    expect(response.status).toBe(status);
    bodies.push(await response.text());
  }
  const instances = bodies.map(
    (body) => /urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(body)?.[0],
  );
  expect(new Set(instances).size).toBe(2);
  expect(instances).not.toContain(undefined);
  expect(place.reports.map(({ instance }) => instance)).toEqual(instances);
});

test('and no other answer does, but the 429', async () => {
  const { ask, reports } = await open();
  for (const path of ['/api/nowhere', '/api/members/x']) {
    expect(await (await ask(path)).json()).not.toHaveProperty('instance');
  }
  expect(reports).toEqual([]);
});
