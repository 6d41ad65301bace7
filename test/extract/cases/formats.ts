import type { PasteCase } from '../paste-case.ts';

export const json: readonly PasteCase[] = [
  ['{"email":"ana@example.com","name":"Ana"}', 'ana@example.com'],
  ['["ana@example.com","petr@example.org"]', 'ana@example.com petr@example.org'],
  [
    '[{"id":1,"email":"ana@example.com"},{"id":2,"email":"petr@example.org"}]',
    'ana@example.com petr@example.org',
  ],
  ['{"to":"ana@example.com\\npetr@example.org"}', 'ana@example.com petr@example.org'],
  [
    '"ana@example.com\\r\\npetr@example.org\\tyuki@example.net"',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['{"from":"Ana \\u003cana@example.com\\u003e"}', 'ana@example.com'],
  ['"{\\"email\\":\\"ana@example.com\\"}"', 'ana@example.com'],
  ["{'email': 'ana@example.com', 'cc': ['petr@example.org']}", 'ana@example.com petr@example.org'],
  ['{email:"ana@example.com",cc:null}', 'ana@example.com'],
  [
    '{"ana@example.com":{"role":"admin"},"petr@example.org":{"role":"member"}}',
    'ana@example.com petr@example.org',
  ],
  [
    '{"@type":"Person","@id":"urn:x","email":"ana@example.com"}',
    'ana@example.com',
    { rejected: 'handle handle' },
  ],
  ['{"email":"mailto:ana@example.com"}', 'ana@example.com'],
  [
    '{\n  "members": [\n    "ana@example.com",\n    "petr@example.org"\n  ]\n}',
    'ana@example.com petr@example.org',
  ],
  [
    '{"dependencies":{"@example/ui":"^2.1.0","left":"npm:right@3.0.1"},"author":"Ana <ana@example.com>"}',
    'ana@example.com',
    { rejected: 'identifier identifier' },
  ],
];

export const yaml: readonly PasteCase[] = [
  ['members:\n  - ana@example.com\n  - petr@example.org', 'ana@example.com petr@example.org'],
  ['email: ana@example.com\nname: Ana', 'ana@example.com'],
  ['- email: "ana@example.com"\n- email: \'petr@example.org\'', 'ana@example.com petr@example.org'],
  ['admins: [ana@example.com, petr@example.org]', 'ana@example.com petr@example.org'],
  ['owner: &owner ana@example.com\ndeputy: *owner', 'ana@example.com'],
  ['contact: ana@example.com # was petr@example.org', 'ana@example.com petr@example.org'],
  [
    'uses: actions/checkout@v4\nwith:\n  mail: ana@example.com',
    'ana@example.com',
    { rejected: 'no-tld' },
  ],
  ['mail: >\n  ana@example.com\n  petr@example.org', 'ana@example.com petr@example.org'],
  ['{name: Ana, email: ana@example.com}', 'ana@example.com'],
  [
    '[package]\nauthors = ["Ana Reyes <ana@example.com>", "petr@example.org"]',
    'ana@example.com petr@example.org',
  ],
];

export const html: readonly PasteCase[] = [
  ['<a href="mailto:ana@example.com">ana@example.com</a>', 'ana@example.com'],
  [
    '<a href="mailto:ana@example.com">Ana</a>, <a href="mailto:petr@example.org">Petr</a>',
    'ana@example.com petr@example.org',
  ],
  ['<td>ana@example.com</td><td>petr@example.org</td>', 'ana@example.com petr@example.org'],
  ['<li>Ana &lt;ana@example.com&gt;</li>', 'ana@example.com'],
  [
    "<a href='mailto:ana@example.com?subject=Hi%20there&amp;cc=petr@example.org'>write</a>",
    'ana@example.com petr@example.org',
  ],
  [
    'ana@example.com<br>petr@example.org<br/>yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['<p>Ana&nbsp;ana@example.com&nbsp;</p>', 'ana@example.com'],
  [
    '<b>ana</b>@example.com',
    '',
    { rejected: 'bad-char', ruling: 'Markup inside is not joined; the front is unknown' },
  ],
  [
    '<input type="email" value="ana@example.com" placeholder="you@example.org">',
    'ana@example.com you@example.org',
  ],
  ['<span data-email=ana@example.com>Ana</span>', 'ana@example.com'],
  [
    '<!-- ana@example.com --><style>@media print{}</style>',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    '<img src="logo@2x.png" alt="x"> ana@example.com',
    'ana@example.com',
    { rejected: 'unknown-tld' },
  ],
  ['<meta name="author" content="Ana Reyes, ana@example.com">', 'ana@example.com'],
  ['&quot;ana@example.com&quot;, &#39;petr@example.org&#39;', 'ana@example.com petr@example.org'],
  [
    '<email>ana@example.com</email><email>petr@example.org</email>',
    'ana@example.com petr@example.org',
  ],
  [
    '<user email="ana@example.com"/><user email="petr@example.org"/>',
    'ana@example.com petr@example.org',
  ],
  ['<![CDATA[ana@example.com]]>', 'ana@example.com'],
  ['<a href="mailto:ana%2Bnews@example.com">ana+news@example.com</a>', 'ana+news@example.com'],
];

export const vcard: readonly PasteCase[] = [
  [
    'BEGIN:VCARD\nVERSION:3.0\nFN:Ana Reyes\nEMAIL;TYPE=INTERNET,WORK:ana@example.com\nEMAIL;TYPE=HOME:reyes@example.net\nTEL:+12025550123\nEND:VCARD',
    'ana@example.com reyes@example.net',
  ],
  ['EMAIL;type=INTERNET;type=pref:ana@example.com', 'ana@example.com'],
  ['EMAIL:ana@example.com', 'ana@example.com'],
  ['item1.EMAIL;type=INTERNET:ana@example.com\nitem1.X-ABLabel:_$!<Work>!$_', 'ana@example.com'],
  ['EMAIL;PREF=1:mailto:ana@example.com', 'ana@example.com'],
  [
    'EMAIL;INTERNET;PREF:ana@example.com\r\nNOTE:see petr@example.org\\, too',
    'ana@example.com petr@example.org',
    { review: 'petr@example.org' },
  ],
  [
    'IMPP;PROTO=XMPP:xmpp:ana@chat.example.com\nEMAIL:ana@example.com',
    'ana@example.com',
    { rejected: 'identifier' },
  ],
  ['MECARD:N:Reyes,Ana;EMAIL:ana@example.com;TEL:+12025550123;;', 'ana@example.com'],
  ['UID:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\nEMAIL:ana@example.com', 'ana@example.com'],
];

export const ical: readonly PasteCase[] = [
  [
    'ATTENDEE;CN="Ana Reyes";ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:ana@example.com\nATTENDEE;CN=Petr:mailto:petr@example.org',
    'ana@example.com petr@example.org',
  ],
  ['ORGANIZER;CN=Ana Reyes:MAILTO:ana@example.com', 'ana@example.com'],
  ['ATTENDEE;CN=ana@example.com;PARTSTAT=ACCEPTED:mailto:ana@example.com', 'ana@example.com'],
  [
    'ATTENDEE;DELEGATED-FROM="mailto:ana@example.com":mailto:petr@example.org',
    'ana@example.com petr@example.org',
  ],
  [
    'UID:20260303T091400Z-4711@example.com\nORGANIZER:mailto:ana@example.com',
    'ana@example.com',
    {
      rejected: 'identifier',
      ruling: 'A UID property names the event, as Message-ID names a mail',
    },
  ],
  ['ATTENDEE;EMAIL=ana@example.com;CN=Ana:mailto:ana@example.com', 'ana@example.com'],
  [
    'ATTENDEE;SENT-BY="mailto:petr@example.org":mailto:ana@example.com',
    'petr@example.org ana@example.com',
  ],
  ['ACTION:EMAIL\nATTENDEE:mailto:ana@example.com\nSUMMARY:Standup @ 9', 'ana@example.com'],
];

export const logs: readonly PasteCase[] = [
  [
    '2026-03-03T09:14:00Z INFO invited ana@example.com by=petr@example.org',
    'ana@example.com petr@example.org',
  ],
  [
    'Mar  3 09:14:00 mx1 postfix/smtp[4711]: 4F1A2: to=<ana@example.com>, relay=mx.example.org[192.0.2.7]:25, dsn=2.0.0, status=sent',
    'ana@example.com',
  ],
  [
    'Mar  3 09:14:00 mx1 postfix/qmgr[99]: 4F1A2: from=<petr@example.org>, size=812, nrcpt=1',
    'petr@example.org',
  ],
  ['[09:14] <ana> mail me at ana@example.com', 'ana@example.com'],
  ['ERROR user=ana@example.com ip=192.0.2.7 msg="bad password"', 'ana@example.com'],
  ['550 5.1.1 <petr@example.org>: Recipient address rejected: User unknown', 'petr@example.org'],
  [
    'Author: Ana Reyes <ana@example.com>\nDate:   Tue Mar 3 09:14:00 2026 +0100\n\n    Fix the build',
    'ana@example.com',
  ],
  [
    'Signed-off-by: Ana Reyes <ana@example.com>\nCo-authored-by: Petr <petr@example.org>',
    'ana@example.com petr@example.org',
  ],
  [
    '\u001B[32mana@example.com\u001B[0m joined, \u001B[1mpetr@example.org\u001B[22m left',
    'ana@example.com petr@example.org',
  ],
  ['at connect (file.js:10:3) ana@example.com', 'ana@example.com'],
  [
    '192.0.2.7 - ana@example.com [03/Mar/2026:09:14:00 +0000] "GET / HTTP/1.1" 200 12',
    'ana@example.com',
  ],
  ['node@22.18.0 ready; user ana@example.com', 'ana@example.com', { rejected: 'identifier' }],
  ['user:ana@example.com action:login', 'ana@example.com'],
  [
    'session(ana@example.com)=ok;session(petr@example.org)=fail',
    'ana@example.com petr@example.org',
  ],
];

export const sourceCode: readonly PasteCase[] = [
  ['const admins = ["ana@example.com", `petr@example.org`];', 'ana@example.com petr@example.org'],
  [
    '/**\n * @author Ana Reyes <ana@example.com>\n * @param x\n */',
    'ana@example.com',
    { rejected: 'handle handle' },
  ],
  [
    '@Override public String mail() { return "ana@example.com"; }',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    'export MAIL="ana@example.com"; git config user.email petr@example.org',
    'ana@example.com petr@example.org',
  ],
  ['curl -u ana@example.com:secret https://api.example.com', 'ana@example.com'],
  ['useradd -c "Ana,,,ana@example.com" ana', 'ana@example.com'],
  [
    'if mail == "ana@example.com" || mail == "petr@example.org" {',
    'ana@example.com petr@example.org',
  ],
  ['print(\'ana@example.com\'+"petr@example.org")', 'ana@example.com petr@example.org'],
  [
    '@import "x"; @media screen { a { content: "ana@example.com" } }',
    'ana@example.com',
    { rejected: 'handle handle' },
  ],
  ['#define MAIL "ana@example.com"\\n', 'ana@example.com'],
  [
    '$user@$host and {user}@example.com',
    '',
    { rejected: 'no-domain bad-char', ruling: 'Templates: a variable is no local part' },
  ],

  ['<%= user %>@example.com', '', { rejected: 'bad-char' }],
];
