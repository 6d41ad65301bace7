import { escapeHtml } from './escape-html.ts';
import type { InboxMessage } from './inbox-message.ts';

/** The page: the list, and beside it the mail with the id given. Nothing in it needs a script. */
export function inboxPage(messages: readonly InboxMessage[], id: string | null): string {
  const open = messages.find((message) => message.id === id);
  const count = messages.length === 1 ? '1 mail' : `${messages.length} mails`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${open ? `${escapeHtml(open.subject)} – Inbox` : 'Inbox'}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="inbox.css">
</head>
<body class="${open ? 'reading' : 'listing'}">
<header>
<h1>Inbox</h1>
<p>${count} · kept in memory, sent to nobody</p>
<a href="${open ? `?message=${open.id}` : './'}">Reload</a>
</header>
<div class="panes">
<nav aria-label="Mails">${list(messages, open)}</nav>
<main>${open ? mail(open) : hint(messages.length)}</main>
</div>
</body>
</html>
`;
}

function list(messages: readonly InboxMessage[], open: InboxMessage | undefined): string {
  if (messages.length === 0) return '<p class="empty">No mail yet</p>';
  const items = messages.map(
    (
      message,
    ) => `<li><a href="?message=${message.id}"${message === open ? ' aria-current="page"' : ''}>
<span class="to">${escapeHtml(message.to)}</span>
<span class="subject">${escapeHtml(message.subject)}</span>
${time(message)}
</a></li>`,
  );
  return `<ul>${items.join('\n')}</ul>`;
}

function hint(count: number): string {
  return count === 0
    ? '<p class="empty">Mails appear here as soon as the application sends one. Reload to look.</p>'
    : '<p class="empty">Choose a mail to read it.</p>';
}

function mail(message: InboxMessage): string {
  return `<article aria-labelledby="subject">
<a class="back" href="./">All mails</a>
<h2 id="subject" dir="auto">${escapeHtml(message.subject)}</h2>
<dl>
<dt>To</dt><dd>${escapeHtml(message.to)}</dd>
<dt>Received</dt><dd>${time(message)}</dd>
<dt>Message-ID</dt><dd>${escapeHtml(message.messageId)}</dd>
</dl>
${links(message.links)}
<section aria-labelledby="html">
<h3 id="html">As HTML</h3>
<iframe title="The mail’s HTML body" src="messages/${message.id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
</section>
<section aria-labelledby="text">
<h3 id="text">As plain text</h3>
<pre dir="auto">${escapeHtml(message.text.trimEnd())}</pre>
</section>
</article>`;
}

function links(targets: readonly string[]): string {
  if (targets.length === 0) return '';
  const items = targets.map((target) => {
    const text = escapeHtml(target);
    return `<li><a href="${text}" target="_blank" rel="noopener noreferrer">${text}</a></li>`;
  });
  return `<section aria-labelledby="links">
<h3 id="links">Links <small>open in a new tab</small></h3>
<ul>${items.join('\n')}</ul>
</section>`;
}

function time({ receivedAt }: InboxMessage): string {
  const at = new Date(receivedAt);
  const text = at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
  return `<time datetime="${at.toISOString()}">${text}</time>`;
}
