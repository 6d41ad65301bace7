import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type InboxMessage, inboxMailer } from 'org-user-manager/inbox-mailer';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { issuesOf, link, mail, untyped } from './mailer-fixtures.ts';

const run = promisify(execFile);

// Nothing but the inbox keeps this process alive, and that no longer than a mail is waited for.
const script = `
  import { inboxMailer } from './adapters/mailer/inbox/index.ts';
  const inbox = inboxMailer();
  const mail = { to: 'robin@example.org', subject: 'Hi', text: '', html: '', messageId: '<1@example.org>' };
  const timeoutMs = 10 * 60 * 1000;
  const fails = inbox.waitFor(() => { throw new Error('predicate'); }, { timeoutMs });
  const arrives = inbox.waitFor({ to: mail.to }, { timeoutMs });
  await inbox.send(mail);
  await fails.catch((error) => console.log(error.message));
  console.log((await arrives).subject);
  const late = inbox.waitFor({ to: 'kim@example.org' }, { timeoutMs: 50 });
  await late.catch((error) => console.log(error.name));
`;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('inboxMailer', () => {
  const clock = (start = 1000) => {
    let time = start;
    return () => time++;
  };
  const sent = (messages: readonly InboxMessage[]) => messages.map(({ subject }) => subject);

  it('keeps mails, newest first, with their links', async () => {
    const inbox = inboxMailer({ now: clock() });
    await inbox.send(mail);
    await inbox.send({ ...mail, subject: 'Second', html: 'no link' });
    expect(inbox.messages()).toEqual([
      { ...mail, subject: 'Second', html: 'no link', id: '2', receivedAt: 1001, links: [] },
      { ...mail, id: '1', receivedAt: 1000, links: [`${link}?a=1&b=2`] },
    ]);
    inbox.clear();
    expect(inbox.messages()).toEqual([]);
  });

  it('finds each web link of the HTML body once, decoded', async () => {
    const inbox = inboxMailer();
    const html = `<a href="https://a.example.org/?x=1&amp;y=&#39;&#x41;">1</a> <a HREF='http://b.example.org'>2</a>
      <a href="http://b.example.org">again</a> <a href="javascript:alert(1)">no</a> <a data-href="https://c.example.org">no</a>`;
    await inbox.send({ ...mail, html });
    expect(inbox.messages()[0]?.links).toEqual([
      "https://a.example.org/?x=1&y='A",
      'http://b.example.org',
    ]);
  });

  it('drops the oldest mail beyond its capacity, 500 by default', async () => {
    const small = inboxMailer({ capacity: 2 });
    for (const subject of ['1', '2', '3']) await small.send({ ...mail, subject });
    expect(sent(small.messages())).toEqual(['3', '2']);

    const inbox = inboxMailer();
    for (let index = 0; index <= 500; index += 1) await inbox.send(mail);
    expect(inbox.messages()).toHaveLength(500);
    expect(inbox.messages().at(-1)?.id).toBe('2');
  });

  describe('waitFor', () => {
    it('gives the newest match that is already there', async () => {
      const inbox = inboxMailer();
      await inbox.send({ ...mail, subject: 'old' });
      await inbox.send({ ...mail, subject: 'new' });
      await inbox.send({ ...mail, subject: 'other', to: 'kim@example.org' });
      expect((await inbox.waitFor({ to: 'Robin@Example.org' })).subject).toBe('new');
    });

    it('waits for the next match', async () => {
      const inbox = inboxMailer();
      const waiting = inbox.waitFor(({ subject }) => subject === 'wanted');
      await inbox.send(mail);
      await inbox.send({ ...mail, subject: 'wanted' });
      expect((await waiting).id).toBe('2');
    });

    it('rejects when none came in time', async () => {
      const waiting = inboxMailer().waitFor({ to: mail.to }, { timeoutMs: 10 });
      await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    });

    it('keeps a process alive for as long as it waits', async () => {
      const args = ['--conditions=org-user-manager-source', '--input-type=module', '-e', script];
      const cwd = join(import.meta.dirname, '..');
      const { stdout } = await run(process.execPath, args, { cwd, timeout: 20_000 });
      expect(stdout.trim().split('\n')).toEqual(['predicate', 'Hi', 'TimeoutError']);
    });

    it('fails with its predicate, without failing the sender', async () => {
      const inbox = inboxMailer();
      const waiting = inbox.waitFor(() => {
        throw new Error('predicate');
      });
      const rejected = expect(waiting).rejects.toThrow('predicate');
      await inbox.send(mail);
      await rejected;
    });
  });

  it('refuses production unless forced, and wrong or unknown options', () => {
    expect(untyped(inboxMailer, { capactiy: 1 })).toThrow(issuesOf(['capactiy']));
    expect(untyped(inboxMailer, { capacity: 0, now: 1 })).toThrow(issuesOf(['capacity', 'now']));
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => inboxMailer()).toThrow(issuesOf(['allowInProduction']));
    expect(() => inboxMailer({ allowInProduction: true })).not.toThrow();
  });
});

describe('the inbox page', () => {
  const mount = 'http://127.0.0.1/some/prefix/dev/mailbox';

  async function filledInbox() {
    const inbox = inboxMailer({ now: () => Date.UTC(2030, 0, 8) });
    await inbox.send(mail);
    await inbox.send({
      ...mail,
      subject: '<script>alert(1)</script>',
      html: '<html><head></head><p style="color:red" title="2">Hi</p></html>',
    });
    const get = (path: string, method = 'GET') =>
      inbox.handler(new Request(`${mount}${path}`, { method }));
    return { inbox, get };
  }

  it.each(['/', '/a/', '/some/prefix/dev/mailbox/'])('lists the mails under %s', async (path) => {
    const { inbox } = await filledInbox();
    const response = await inbox.handler(new Request(`http://127.0.0.1${path}`));
    expect(response.status).toBe(200);
    const page = await response.text();
    expect(page).toContain('href="?message=1"');
    expect(page).toContain('2 mails');
  });

  it('shows a mail: headers, text, and its links to open in a new tab', async () => {
    const { get } = await filledInbox();
    const page = await (await get('/?message=1')).text();
    expect(page).toContain('&#60;mail-1@app.acme.example.com&#62;');
    expect(page).toContain('src="messages/1/html" sandbox="allow-popups');
    expect(page).toContain(
      `<a href="${link}?a=1&#38;b=2" target="_blank" rel="noopener noreferrer">`,
    );
    const rows = [...page.matchAll(/<li>(<a href="\?[^>]*>)/g)].map(([, row]) => row);
    expect(rows).toEqual(['<a href="?message=2">', '<a href="?message=1" aria-current="page">']);
  });

  it('escapes what the mails hold and runs no script', async () => {
    const { get } = await filledInbox();
    const response = await get('/?message=2');
    expect(await response.text()).not.toContain('<script');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|unsafe|\*/);
  });

  it('serves the style sheet that the page asks for', async () => {
    const { get } = await filledInbox();
    const response = await get('/inbox.css');
    expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
  });

  it('serves a body from its own URL: sandboxed, its styles allowed, its links in a new tab', async () => {
    const { get } = await filledInbox();
    const response = await get('/messages/2/html');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';/,
    );
    expect(policy).toContain("style-src 'unsafe-inline'");
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    expect(await response.text()).toBe(
      '<html><head><base target="_blank"></head><p style="color:red" title="2">Hi</p></html>',
    );
  });

  it('opens links in a new tab whatever the head of a mail looks like', async () => {
    const inbox = inboxMailer();
    await inbox.send({ ...mail, html: '<HTML><HEAD lang="en"></HEAD>Hi</HTML>' });
    const response = await inbox.handler(new Request(`${mount}/messages/1/html`));
    expect(await response.text()).toBe(
      '<HTML><HEAD lang="en"><base target="_blank"></HEAD>Hi</HTML>',
    );
  });

  it('says what to do where there is no mail, and where none is chosen', async () => {
    const { inbox, get } = await filledInbox();
    expect(await (await get('/')).text()).toContain('Choose a mail');
    inbox.clear();
    expect(await (await get('/')).text()).toContain('Mails appear here');
  });

  it('answers JSON for tests, which nobody else may read', async () => {
    const { inbox, get } = await filledInbox();
    const response = await get('/messages.json');
    expect(await response.json()).toEqual({ messages: inbox.messages() });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('is emptied by DELETE of the JSON alone', async () => {
    const { inbox, get } = await filledInbox();
    for (const path of ['', '/', '/messages.json', '/messages/1/html', '/inbox.css', '/x.txt']) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT']) await get(path, method);
      if (path !== '/messages.json') expect((await get(path, 'DELETE')).status).toBe(405);
    }
    expect(inbox.messages()).toHaveLength(2);
    expect((await get('/messages.json', 'DELETE')).status).toBe(204);
    expect(inbox.messages()).toEqual([]);
    expect(await (await get('/')).text()).toContain('No mail yet');
  });

  it('answers HEAD as GET without a body', async () => {
    const { get } = await filledInbox();
    const [head, full] = await Promise.all([get('/', 'HEAD'), get('/')]);
    expect(await head.text()).toBe('');
    expect([...head.headers]).toEqual([...full.headers]);
  });

  it('names the allowed methods', async () => {
    const { get } = await filledInbox();
    expect((await get('/', 'POST')).headers.get('allow')).toBe('GET, HEAD');
    expect((await get('/messages.json', 'POST')).headers.get('allow')).toBe('GET, HEAD, DELETE');
  });

  it('leads the mount path to its folder by a relative redirect', async () => {
    const { get } = await filledInbox();
    const response = await get('');
    expect([response.status, response.headers.get('location')]).toEqual([307, './mailbox/']);
  });

  it.each(['/messages/99/html', '/favicon.ico'])('does not know %s', async (path) => {
    const { get } = await filledInbox();
    expect((await get(path)).status).toBe(404);
  });
});
