import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import nodemailer from 'nodemailer';
import { consoleMailer } from 'org-user-manager/console-mailer';
import { smtpMailer } from 'org-user-manager/smtp-mailer';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderInvitation } from '../src/mail/render-invitation.ts';
import { issuesOf, link, mail, untyped } from './mailer-fixtures.ts';

const from = 'Acme, the company <no-reply@acme.example.com>';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.doUnmock('nodemailer');
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('consoleMailer', () => {
  it('prints recipient, subject and text, line by line', async () => {
    const lines: string[] = [];
    await consoleMailer({ print: (line) => lines.push(line) }).send(mail);
    expect(lines).toEqual([
      '',
      'To: robin@example.org',
      'Subject: You are invited to join Acme',
      '',
      'Open this link:',
      link,
      '',
    ]);
  });

  it('prints to the standard output by default', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await consoleMailer().send(mail);
    const printed = write.mock.calls.map(([chunk]) => chunk).join('');
    write.mockRestore();
    expect(printed).toContain(`${link}\n`);
  });

  it('refuses unknown options, and to log links in production unless told where', () => {
    expect(untyped(consoleMailer, { prnit: 1 })).toThrow(issuesOf(['prnit']));
    expect(untyped(consoleMailer, { print: 1 })).toThrow(issuesOf(['print']));
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => consoleMailer()).toThrow(issuesOf(['print']));
    expect(() => consoleMailer({ print: () => undefined })).not.toThrow();
  });
});

interface Received {
  readonly envelope: SMTPServerSession['envelope'];
  /** Header names in lower case; folded lines joined. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = Object(server.address()) as AddressInfo;
  return `smtp://127.0.0.1:${port}`;
}

/** A real SMTP server on a free port of this machine, without TLS. */
async function smtpServer(options: SMTPServerOptions = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session, done) {
      readText(stream).then((raw) => {
        received.push(parse(raw, session));
        done();
      }, done);
    },
    ...options,
  });
  cleanups.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { url: await listen(server.server), received };
}

function parse(raw: string, { envelope }: SMTPServerSession): Received {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  expect(headers.size).toBe(lines.length);
  return { envelope, headers, body: raw.slice(end + 4).replace(/=\r\n/g, '') };
}

const recipients = ({ envelope }: Received) => envelope.rcptTo.map(({ address }) => address);

describe('smtpMailer', () => {
  it('hands over envelope, headers, both bodies and the message id', async () => {
    const { url, received } = await smtpServer();
    const mailer = smtpMailer({ url, from });
    await mailer.send(mail);
    await mailer.close?.();

    const [first, ...others] = received;
    expect(others).toEqual([]);
    expect(first?.envelope.mailFrom).toMatchObject({ address: 'no-reply@acme.example.com' });
    expect(first?.envelope.rcptTo).toMatchObject([{ address: 'robin@example.org' }]);
    expect(Object.fromEntries(first?.headers ?? [])).toMatchObject({
      from: '"Acme, the company" <no-reply@acme.example.com>',
      to: 'robin@example.org',
      subject: 'You are invited to join Acme',
      'message-id': '<mail-1@app.acme.example.com>',
      'content-type': expect.stringContaining('multipart/alternative'),
    });
    expect(first?.body).toContain('text/plain');
    expect(first?.body).toContain('text/html');
    expect(first?.body.split(link)).toHaveLength(3);
  });

  it('keeps the message id when the same mail is sent again', async () => {
    const { url, received } = await smtpServer();
    const mailer = smtpMailer({ url, from });
    await mailer.send(mail);
    await mailer.send(mail);
    expect(received.map(({ headers }) => headers.get('message-id'))).toEqual([
      mail.messageId,
      mail.messageId,
    ]);
  });

  it('sends to punycode domains as they are', async () => {
    const { url, received } = await smtpServer();
    await smtpMailer({ url, from }).send({ ...mail, to: 'robin@xn--bcher-kva.example' });
    expect(received[0]?.headers.get('to')).toBe('robin@xn--bcher-kva.example');
    // The server shows the domain decoded; had it come so, the client would have asked for UTF-8.
    expect(received[0]?.envelope).toMatchObject({
      rcptTo: [{ address: 'robin@bücher.example' }],
      smtpUtf8: false,
    });
  });

  it('never reads an address as a list', async () => {
    const { url, received } = await smtpServer();
    const mailer = smtpMailer({ url, from });
    await mailer.send({ ...mail, to: 'robin@example.org, kim@example.org' }).catch(() => undefined);
    await mailer.send({ ...mail, to: 'a <kim@example.org>' }).catch(() => undefined);
    for (const one of received) expect(recipients(one)).toHaveLength(1);
    expect(received.flatMap(recipients)).not.toContain('kim@example.org');
  });

  it('lets no line break in a name add a header', async () => {
    const { url, received } = await smtpServer();
    const mailer = smtpMailer({ url, from });
    const hostile = 'Acme\r\nBcc: victim@example.org\r\n\r\n<b>hello</b>';
    const rendered = renderInvitation({
      organizationName: hostile,
      inviterName: hostile,
      role: 'member',
      link,
      expiresAt: Date.UTC(2030, 0, 8),
      timeZone: 'UTC',
    });
    await mailer.send({ ...mail, ...rendered });
    await mailer.send({ ...mail, subject: hostile });
    expect(received).toHaveLength(2);
    for (const one of received) {
      expect(one.headers.has('bcc')).toBe(false);
      expect(one.headers.get('subject')).toContain('Bcc: victim@');
      expect(recipients(one)).toEqual(['robin@example.org']);
    }
  });

  it('rejects with the server’s words when the recipient is refused', async () => {
    const { url } = await smtpServer({
      onRcptTo(_address, _session, done) {
        done(Object.assign(new Error('mailbox unknown'), { responseCode: 550 }));
      },
    });
    await expect(smtpMailer({ url, from }).send(mail)).rejects.toThrow(/550 mailbox unknown/);
  });

  it('rejects when nothing listens', async () => {
    const server = createServer();
    const url = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(smtpMailer({ url, from }).send(mail)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('rejects when the server is silent; the URL’s query sets how long to wait', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    const url = await listen(server);
    cleanups.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const mailer = smtpMailer({ url: `${url}?greetingTimeout=100`, from });
    await expect(mailer.send(mail)).rejects.toThrow(/greeting/i);
  });

  it('reuses pooled connections and ends them in close()', async () => {
    let connections = 0;
    let close = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const { url, received } = await smtpServer({
      onConnect(_session, done) {
        connections += 1;
        done();
      },
      onClose: () => close(),
    });
    const mailer = smtpMailer({ url: `${url}?pool=true&maxConnections=1`, from });
    await mailer.send(mail);
    await mailer.send(mail);
    expect([received.length, connections]).toEqual([2, 1]);
    await mailer.close?.();
    await closed;
  });

  it('closes without having been used', async () => {
    await expect(
      smtpMailer({ url: 'smtp://127.0.0.1:1', from }).close?.(),
    ).resolves.toBeUndefined();
  });

  it('uses a transporter handed in and leaves it open', async () => {
    const { url, received } = await smtpServer();
    const transport = nodemailer.createTransport({ url, pool: true });
    const mailer = smtpMailer({ transport, from: 'no-reply@acme.example.com' });
    await mailer.send(mail);
    await mailer.close?.();
    await mailer.send(mail);
    transport.close();
    expect(received.map(({ headers }) => headers.get('from'))).toEqual([
      'no-reply@acme.example.com',
      'no-reply@acme.example.com',
    ]);
  });

  it('says what to do when nodemailer is not installed', async () => {
    vi.doMock('nodemailer', () => {
      throw new Error('Cannot find package');
    });
    const mailer = smtpMailer({ url: 'smtp://127.0.0.1:2525', from });
    await expect(mailer.send(mail)).rejects.toMatchObject({
      code: 'invalid_options',
      details: { issues: [{ path: 'url', message: expect.stringContaining('npm install') }] },
      cause: expect.any(Error),
    });
    await mailer.close?.();
  });

  const url = 'smtp://user:hunter2@127.0.0.1:2525';
  const transport = { sendMail: async () => undefined };
  it.each([
    ['nothing', {}, ['from', 'url']],
    ['no sender', { url }, ['from']],
    ['a sender that is no address', { url, from: 'Acme' }, ['from']],
    ['two senders', { url, from: 'a@example.org, b@example.org' }, ['from']],
    ['a sender with a line break', { url, from: 'Acme\r\nBcc: x <a@example.org>' }, ['from']],
    ['no route', { from }, ['url']],
    ['two routes', { from, url, transport }, ['url']],
    ['another protocol', { from, url: 'https://user:hunter2@127.0.0.1' }, ['url']],
    ['a URL that is no text', { from, url: 25 }, ['url']],
    ['a transport that cannot send', { from, transport: {} }, ['transport']],
    ['an unknown key', { from, url, hots: '127.0.0.1' }, ['hots']],
  ])('refuses %s', (_name, options, paths) => {
    const construct = untyped(smtpMailer, options);
    expect(construct).toThrow(issuesOf(paths));
    try {
      construct();
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('hunter2');
    }
  });

  it('takes undefined for an absent option', () => {
    expect(() => smtpMailer({ from, url, transport: undefined })).not.toThrow();
  });
});
