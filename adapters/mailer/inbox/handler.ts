import type { InboxMessage } from './inbox-message.ts';
import type { Mailbox } from './mailbox.ts';
import { inboxPage } from './page.ts';
import { stylesheet } from './stylesheet.ts';

type Box = Pick<Mailbox, 'messages' | 'clear'>;

const pagePolicy =
  "default-src 'none'; style-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
// The mail's own inline styles and pictures show; its scripts and forms are dead, it has no origin,
// and its links open in a tab of their own, free of the sandbox.
const bodyPolicy =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data: https:; style-src 'unsafe-inline'; frame-ancestors 'self'";

/** Serves a mailbox under any mount path: routes are told apart by the end of the path alone. */
export function createHandler(box: Box): (request: Request) => Promise<Response> {
  return async ({ url, method }) => {
    const location = new URL(url);
    if (method === 'GET') return read(location, box);
    if (method === 'HEAD') return new Response(null, read(location, box));
    if (!location.pathname.endsWith('/messages.json')) return notAllowed('GET, HEAD');
    if (method !== 'DELETE') return notAllowed('GET, HEAD, DELETE');
    box.clear();
    return new Response(null, { status: 204 });
  };
}

function read({ pathname, searchParams }: URL, box: Box): Response {
  if (pathname.endsWith('/messages.json')) {
    return reply(JSON.stringify({ messages: box.messages() }), { type: 'application/json' });
  }
  if (pathname.endsWith('/inbox.css')) return reply(stylesheet, { type: 'text/css' });
  const bodyId = /\/messages\/(\d+)\/html$/.exec(pathname)?.[1];
  if (bodyId !== undefined) return mailBody(box.messages().find(({ id }) => id === bodyId));
  if (pathname.endsWith('/')) {
    return reply(inboxPage(box.messages(), searchParams.get('message')), {
      type: 'text/html',
      headers: { 'content-security-policy': pagePolicy },
    });
  }
  // The page's links are relative to its own folder, so the mount path needs its final slash. The
  // redirect is relative as well, for proxies that strip a prefix.
  const folder = pathname.slice(pathname.lastIndexOf('/') + 1);
  if (folder.includes('.')) return notFound();
  return new Response(null, { status: 307, headers: { location: `./${folder}/` } });
}

function mailBody(message: InboxMessage | undefined): Response {
  if (message === undefined) return notFound();
  const html = message.html.replace(/<head[^>]*>/i, '$&<base target="_blank">');
  return reply(html, {
    type: 'text/html',
    headers: { 'content-security-policy': bodyPolicy },
  });
}

const notFound = () => reply('Not found', { status: 404 });

const notAllowed = (allow: string) =>
  reply('Method not allowed', { status: 405, headers: { allow } });

function reply(
  body: string,
  {
    type = 'text/plain',
    status = 200,
    headers = {},
  }: { type?: string; status?: number; headers?: Record<string, string> },
): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      // Other sites may not read or embed what holds invite links.
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      ...headers,
    },
  });
}
