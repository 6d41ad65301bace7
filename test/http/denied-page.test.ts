/** The page that a refusal shows to a browser. */
import { createHash } from 'node:crypto';
import { createUsageGuard } from 'org-user-manager/http';
import { describe, expect, test } from 'vitest';
import { founder, openUsedUpDay } from './amsterdam.ts';
import { sendTo } from './doors.ts';
import { guardedHosts } from './guarded-hosts.ts';

const identify = () => founder;
const browser =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

describe.each(guardedHosts)('on $name', ({ listen }) => {
  test.each([
    ['a browser', browser, true],
    ['a browser of few words', 'text/html, */*', true],
    ['a client that likes HTML more', 'application/json;q=0.5, Text/HTML;q=0.9', true],
    ['one that takes anything', '*/*', false],
    ['one that says nothing', undefined, false],
    ['one that likes both', 'text/html, application/json', false],
    ['one that likes JSON more', 'text/html;q=0.2, application/problem+json', false],
    ['one that refuses HTML', 'text/html;q=0, */*', false],
    ['one that cannot count', 'text/html;q=most, */*', false],
  ])('%s gets what it asks for: %s', async (_, accept, isPage) => {
    const { manager } = await openUsedUpDay();
    const send = sendTo(await listen({ manager, guards: [{ identify }] }));
    const answer = await send('GET', '/search', { headers: accept ? { accept } : {} });
    expect(answer.status).toBe(429);
    expect(answer.headers).toMatchObject({
      'content-type': isPage ? 'text/html; charset=utf-8' : 'application/problem+json',
      'cache-control': 'no-store',
      'retry-after': '34800',
      ratelimit: '"user-day";r=0;t=34800, "user-month";r=6120;t=553200',
    });
    expect(typeof answer.body).toBe(isPage ? 'string' : 'object');
  });
});

async function pageOf(options: Parameters<typeof openUsedUpDay>[0] = {}) {
  const { manager } = await openUsedUpDay(options);
  const guard = createUsageGuard(manager, { identify });
  const headers = { accept: browser };
  const verdict = await guard(new Request('https://app.acme.example.com/search', { headers }));
  if (verdict.allowed) expect.fail('allowed');
  return { ...verdict, body: verdict.body ?? '' };
}

test('says the limit, the reset and whom to ask, in words and as a table', async () => {
  const { body } = await pageOf();
  expect(body).toContain(
    '<p dir="auto">Daily usage limit of 1000 reached. It resets on 2026-10-26 at 00:00 (Europe/Amsterdam). Contact your organization administrator to raise it.</p>',
  );
  expect(body).toContain(
    '<tr><th scope="row">You, this month</th><td>13880</td><td>20000</td><td><time datetime="2026-11-01T00:00:00+01:00">2026-11-01 00:00</time></td></tr>',
  );
  // What assistive technology and small screens need.
  for (const part of ['<html lang="en">', '<main>', '<h1>Quota Exceeded</h1>', '<caption>']) {
    expect(body).toContain(part);
  }
  expect(body).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">');
});

test('whatever the host writes is text in it', async () => {
  const { body } = await pageOf({
    contact: `<script>alert(1)</script> & "you" or 'me'`,
  });
  expect(body).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;you&quot; or &#39;me&#39;',
  );
  expect(body).not.toContain('<script');
});

test('loads nothing, and its policy allows nothing but its own style', async () => {
  const { body, headers } = await pageOf();
  const [, style = ''] = /<style>([^<]*)<\/style>/.exec(body) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(headers['Content-Security-Policy']).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(headers).toMatchObject({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
  expect(body).not.toMatch(/ (?:src|href|style|on\w+)=|url\(|@import/);
});

test('also tells what is no quota', async () => {
  const { manager } = await openUsedUpDay();
  const guard = createUsageGuard(manager, { identify: () => null });
  const headers = { accept: browser };
  const verdict = await guard(new Request('https://app.acme.example.com/search', { headers }));
  expect(verdict).toMatchObject({ status: 401, code: 'not_signed_in' });
  expect(!verdict.allowed && verdict.body).toMatch(/<h1>Not signed in<\/h1>\s*<\/main>/);
});
