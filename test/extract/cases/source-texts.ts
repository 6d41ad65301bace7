import type { PasteCase } from '../paste-case.ts';

export const mailLinks: readonly PasteCase[] = [
  ['mailto:ana%2Bdev@example.com', 'ana+dev@example.com'],
  [
    'mailto:ana@example.com?subject=Hi&cc=chidi@example.com&bcc=petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['mailto:ana@example.com,chidi@example.com?subject=Access', 'ana@example.com chidi@example.com'],
  ['MAILTO:Ana.Reyes@example.com', 'Ana.Reyes@example.com'],
  ['<a href="mailto:ana@example.com?subject=Hello%20there">ana@example.com</a>', 'ana@example.com'],
  ['<mailto:ana@example.com>', 'ana@example.com'],
  ['mailto:?to=ana@example.com&body=Hi', 'ana@example.com'],
  ['mailto:Ana%20Reyes%3Cana@example.com%3E', 'ana@example.com'],
  ['mailto:ana@example.com?cc=chidi%2Bx@example.com', 'ana@example.com chidi+x@example.com'],
  ['mailto:ana@example.com%2Cchidi@example.com', 'ana@example.com chidi@example.com'],
];

export const markup: readonly PasteCase[] = [
  [
    '<p>Contact <b>ana@example.com</b>, <i>chidi@example.com</i></p>',
    'ana@example.com chidi@example.com',
  ],
  ['<td>ana@example.com</td><td>chidi@example.com</td>', 'ana@example.com chidi@example.com'],
  [
    'ana@example.com<br>chidi@example.com<br/>petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    '&quot;Ana&quot; &lt;ana@example.com&gt;; chidi@example.com&nbsp;petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    '<input type="email" value="ana@example.com" data-cc=\'chidi@example.com\'>',
    'ana@example.com chidi@example.com',
  ],
  ['<a href=mailto:ana@example.com>Ana</a>', 'ana@example.com'],
  ['<li>ana@example.com</li>\n<li>chidi@example.com</li>', 'ana@example.com chidi@example.com'],
  [
    '<img src="logo@2x.png" alt="chidi@example.com">',
    'chidi@example.com',
    { rejected: 'unknown-tld' },
  ],
  ['&#39;ana@example.com&#39;', 'ana@example.com'],
  ['&ldquo;ana@example.com&rdquo;&mdash;chidi@example.com', 'ana@example.com chidi@example.com'],
  ['<ana@example.com></ana@example.com>', 'ana@example.com'],
  ['<a href="mailto:ana@example.com" title="Mail ana@example.com">✉</a>', 'ana@example.com'],
  ['cid:image001.png@01D9ABCD.12345670', '', { rejected: 'message-id' }],
  ['<img src="cid:logo@mail.example.com">', '', { rejected: 'message-id' }],
];

export const channels: readonly PasteCase[] = [
  [
    '<mailto:ana@example.com|ana@example.com> <mailto:chidi@example.com|chidi@example.com>',
    'ana@example.com chidi@example.com',
  ],
  [
    'Ana Reyes  9:41 AM\ncan you add <mailto:chidi@example.com|chidi@example.com> to the org? cc <@U02ABC|petra>',
    'chidi@example.com',
    { rejected: 'handle' },
  ],
  [
    '@ana @chidi pls add petra@example.org :pray:',
    'petra@example.org',
    { rejected: 'handle handle' },
  ],
  [':email:ana@example.com:wave:', 'ana@example.com'],
  [
    '*ana@example.com* _chidi@example.com_ ~petra@example.org~ `dana@example.org`',
    'ana@example.com chidi@example.com petra@example.org dana@example.org',
    { review: 'petra@example.org' },
  ],
  [
    '> ana@example.com\n• chidi@example.com\n◦ petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    '[10:02] Ana: chidi@example.com\n[10:03] Chidi: ok, +petra@example.org',
    'chidi@example.com +petra@example.org',
    { review: '+petra@example.org' },
  ],
  [
    '<@U123> <!here> <#C1|general> mail <mailto:ana@example.com|Ana>',
    'ana@example.com',
    { rejected: 'handle' },
  ],
];

export const notes: readonly PasteCase[] = [
  ['[Ana](mailto:ana@example.com)', 'ana@example.com'],
  [
    '- ana@example.com\n* chidi@example.com\n+ petra@example.org\n1. dana@example.org',
    'ana@example.com chidi@example.com petra@example.org dana@example.org',
  ],
  [
    '**ana@example.com**, __chidi@example.com__, ***petra@example.org***',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    '| Name | E-mail |\n|---|---|\n| Ana | ana@example.com |\n|Chidi|chidi@example.com|',
    'ana@example.com chidi@example.com',
    { review: 'chidi@example.com' },
  ],
  ['`ana@example.com` and ```chidi@example.com```', 'ana@example.com chidi@example.com'],
  ['# Team\n\n<ana@example.com>\n\n> chidi@example.com', 'ana@example.com chidi@example.com'],
  [
    '![logo@2x](logo@2x.png) [write](mailto:ana@example.com "Mail Ana")',
    'ana@example.com',
    { rejected: 'no-tld unknown-tld' },
  ],
  ['[x] ana@example.com\n- [ ]chidi@example.com', 'ana@example.com chidi@example.com'],
  ['[1]: mailto:ana@example.com\n[2]:chidi@example.com', 'ana@example.com chidi@example.com'],
  [
    '~~ana@example.com~~ ==chidi@example.com==',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
];

export const settings: readonly PasteCase[] = [
  [
    'admins:\n  - ana@example.com\n  - "chidi@example.com"\nowner: petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['emails: [ana@example.com, chidi@example.com]', 'ana@example.com chidi@example.com'],
  [
    '- {name: Ana, email: ana@example.com}\n- {name: Chidi, email: chidi@example.com}',
    'ana@example.com chidi@example.com',
  ],
  [
    'contact: &c ana@example.com\nbilling: *c\nuses: actions/setup-node@v4',
    'ana@example.com',
    { rejected: 'no-tld' },
  ],
  ['ana@example.com: admin\nchidi@example.com: member', 'ana@example.com chidi@example.com'],
];

export const payloads: readonly PasteCase[] = [
  [
    '{"email":"ana@example.com","cc":["chidi@example.com","petra@example.org"]}',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['["ana@example.com\\nchidi@example.com"]', 'ana@example.com chidi@example.com'],
  [
    '{"text":"ana@example.com\\r\\nnina@example.com\\ttom@example.org"}',
    'ana@example.com nina@example.com tom@example.org',
  ],
  ['{"html":"\\u003cana@example.com\\u003e"}', 'ana@example.com'],
  ['{\\"email\\":\\"ana@example.com\\"}', 'ana@example.com'],
  ["{'email': 'ana@example.com', 'name': None}", 'ana@example.com'],
  [
    '{"ana@example.com":{"role":"admin"},"chidi@example.com":{}}',
    'ana@example.com chidi@example.com',
  ],
  ['{"email":"ana\\u0040example.com"}', ''],
  ['"ana@example.com\\\\nchidi@example.com"', 'ana@example.com chidi@example.com'],
  [
    '{"url":"https:\\/\\/example.com\\/u\\/ana@example.com"}',
    'ana@example.com',
    { review: 'ana@example.com' },
  ],
];

export const statements: readonly PasteCase[] = [
  ["WHERE email IN ('ana@example.com','chidi@example.com')", 'ana@example.com chidi@example.com'],
  ["UPDATE users SET email=N'ana@example.com' WHERE id=7", 'ana@example.com'],
  [
    "('ana@example.com',NULL,'2025-01-01'),('chidi@example.com',1,NULL)",
    'ana@example.com chidi@example.com',
  ],
  [
    'DELETE FROM invites WHERE email = "ana@example.com" OR email LIKE \'%@example.com\'',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  ["'root'@'localhost' GRANT ALL", '', { rejected: 'no-domain' }],
];

export const directoryEntries: readonly PasteCase[] = [
  [
    'dn: uid=ana,ou=people,dc=example,dc=com\nmail: ana@example.com\nmail: ana.reyes@example.com\nuid: ana\n\ndn: uid=chidi,dc=example,dc=com\nmail: chidi@example.com',
    'ana@example.com ana.reyes@example.com chidi@example.com',
  ],
  [
    'userPrincipalName: ana@example.com\nproxyAddresses: SMTP:ana.reyes@example.com\nproxyAddresses: smtp:ana@example.net\nproxyAddresses: sip:ana@example.com',
    'ana@example.com ana.reyes@example.com ana@example.net',
    { rejected: 'identifier' },
  ],
  ['emailAddress=ana@example.com,CN=Ana Reyes,O=Example', 'ana@example.com'],
  ['/C=DE/O=Example/CN=Ana/emailAddress=ana@example.com', 'ana@example.com'],
];

export const contactCards: readonly PasteCase[] = [
  [
    'BEGIN:VCARD\nVERSION:3.0\nN:Reyes;Ana;;;\nFN:Ana Reyes\nEMAIL;TYPE=INTERNET,WORK:ana@example.com\nEMAIL;TYPE=HOME:ana.home@example.org\nEND:VCARD',
    'ana@example.com ana.home@example.org',
  ],
  [
    'item1.EMAIL;type=INTERNET;type=pref:ana@example.com\nitem1.X-ABLabel:_$!<Work>!$_',
    'ana@example.com',
  ],
  ['EMAIL;PREF=1;TYPE="work,home":chidi@example.com', 'chidi@example.com'],
  ['MECARD:N:Reyes,Ana;TEL:+4930901820;EMAIL:ana@example.com;;', 'ana@example.com'],
  [
    'IMPP;X-SERVICE-TYPE=XMPP:xmpp:ana@chat.example.com\nEMAIL:ana@example.com',
    'ana@example.com',
    { rejected: 'identifier' },
  ],
];

export const invitations: readonly PasteCase[] = [
  [
    'ORGANIZER;CN=Ana Reyes:mailto:ana@example.com\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=chidi@example.com;X-NUM-GUESTS=0:mailto:chidi@example.com',
    'ana@example.com chidi@example.com',
  ],
  ['ATTENDEE;RSVP=TRUE;CN="Novak, Petra":MAILTO:petra@example.org', 'petra@example.org'],
  [
    'UID:7kukuqrfedlm2f9t@example.com\nATTENDEE:mailto:ana@example.com',
    'ana@example.com',
    { rejected: 'identifier' },
  ],
  [
    'ATTENDEE;SENT-BY="mailto:ana@example.com";DELEGATED-TO="mailto:dana@example.org":mailto:chidi@example.com',
    'ana@example.com dana@example.org chidi@example.com',
  ],
];

export const mailSource: readonly PasteCase[] = [
  [
    'Return-Path: <ana@example.com>\nDelivered-To: chidi@example.com\nReceived: from mx.example.com (mx.example.com [192.0.2.1])\n by mail.example.org with ESMTPS id abc123\n for <chidi@example.com>; Tue, 4 Mar 2025 10:11:12 +0000\nFrom: Ana <ana@example.com>\nReply-To: helpdesk@example.com\n',
    'ana@example.com chidi@example.com helpdesk@example.com',
  ],
  [
    'Message-ID: <CAF+abc123=xyz@mail.example.com>\nFrom: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  [
    'In-Reply-To: <abc@mail.example.com>\nReferences: <1.2@mail.example.com>\n <3.4@mail.example.com>\nTo: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id message-id message-id' },
  ],
  ['Content-ID: <image001.png@01DB8F.5AB2>\n', '', { rejected: 'message-id' }],
  [
    'Content-Id: <part1.abc@example.com>\nX-Mailer: x\nCc: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  ['message-id:<9f@example.com>', '', { rejected: 'message-id' }],
  [
    'Message-Id:\n <long.id.2025@mail.example.com>\nTo: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  [
    'DKIM-Signature: v=1; d=example.com; i=@example.com; s=s1;\nFrom: ana@example.com',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    'Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=ana@example.com; dkim=pass header.i=@example.com',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    'List-Unsubscribe: <mailto:unsub@lists.example.com?subject=off>, <https://example.com/u>',
    'unsub@lists.example.com',
  ],
  [
    'X-Original-Message-ID: <zz@example.com>\nSender: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  [
    '> Message-ID: <quoted.id@mail.example.com>\n> From: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  [
    'Resent-Message-ID: <rm1@example.com>\nResent-From: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
];

export const logLines: readonly PasteCase[] = [
  [
    'Mar  4 10:11:12 mx postfix/smtp[123]: 4ABCD: to=<ana@example.com>, orig_to=<info@example.com>, relay=none, status=deferred',
    'ana@example.com info@example.com',
  ],
  [
    '192.0.2.1 - ana@example.com [04/Mar/2025:10:11:12 +0000] "GET /?u=chidi@example.com HTTP/1.1" 200',
    'ana@example.com chidi@example.com',
  ],
  [
    'ERROR: duplicate key value violates unique constraint "users_email_key" DETAIL: Key (email)=(ana@example.com) already exists.',
    'ana@example.com',
  ],
  [
    'Author: Ana <ana@example.com>\nDate: Tue Mar 4\n\n    Co-authored-by: Chidi <12345+chidi@users.noreply.example.com>',
    'ana@example.com 12345+chidi@users.noreply.example.com',
  ],
  ['uid           [ultimate] Ana Reyes (work) <ana@example.com>', 'ana@example.com'],
  ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKx ana@example.com', 'ana@example.com'],
  ['*/5 * * * * MAILTO=ana@example.com /usr/bin/job', 'ana@example.com'],
  [
    'user ana@example.com not found; did you mean anna@example.com?',
    'ana@example.com anna@example.com',
  ],
  ['rcpt to:<ana@example.com> 250 ok', 'ana@example.com'],
  ['{"ts":1741083072,"actor":"user:ana@example.com","ip":"192.0.2.9"}', 'ana@example.com'],
  [
    'arn:aws:iam::123456789012:user/ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com' },
  ],
  [
    'projects/x/serviceAccounts/deploy@proj-1.iam.example.com',
    'deploy@proj-1.iam.example.com',
    { review: 'deploy@proj-1.iam.example.com' },
  ],
  ['kubectl config set-context ana@cluster-1', '', { rejected: 'no-tld' }],
  ['Logged in as ana@example.com.', 'ana@example.com'],
  ['tls: certificate is valid for *.example.com, not ana@example.com', 'ana@example.com'],
  ['\x1B[32mINFO\x1B[0m [mary@example.com] logged in', 'mary@example.com'],
  ['\x1B[0m Petr;mary@example.com', 'mary@example.com'],
  ['\x1B[38;2;255;255;255mmary@example.com\x1B[m', 'mary@example.com'],
  ['\x1B[01;31m\x1B[Kmary@example.com\x1B[m\x1B[K', 'mary@example.com'],
  ['{"msg":"\\u001b[32mmary@example.com\\u001b[39m"}', 'mary@example.com'],
  ['^[[32mmary@example.com^[[0m', 'mary@example.com', { review: 'mary@example.com' }],
  [
    'ma\x1B[01;31m\x1B[Kry\x1B[m\x1B[K.roe@example.com',
    '',
    { rejected: 'entity-encoded', ruling: 'A word that a highlight parts is refused whole' },
  ],
];

export const assignments: readonly PasteCase[] = [
  ['MAIL_FROM=ana@example.com', 'ana@example.com'],
  ['--to=ana@example.com --cc=chidi@example.com', 'ana@example.com chidi@example.com'],
  ['export ADMIN_EMAIL="ana@example.com"', 'ana@example.com'],
  ["REPLY_TO='ana@example.com' # chidi@example.com", 'ana@example.com chidi@example.com'],
  ['E-Mail:ana@example.com Tel:+49 30 901820', 'ana@example.com'],
  ['user.email=ana@example.com', 'ana@example.com'],
  ['level=info msg="login ok" user=ana@example.com ip=192.0.2.9', 'ana@example.com'],
  ['?email=ana@example.com&cc=chidi@example.com', 'ana@example.com chidi@example.com'],
  [
    'from=<ana@example.com>, to=<chidi@example.com>, relay=mx.example.com[192.0.2.1]:25',
    'ana@example.com chidi@example.com',
  ],
  ['owner=>ana@example.com', 'ana@example.com'],
  ['CC:=ana@example.com', 'ana@example.com'],
  ['smtp-user:ana@example.com;smtp-pass:x', 'ana@example.com'],
  ['a=1&email=ana+dev@example.com&b=2', 'ana+dev@example.com'],
  ['-f ana@example.com -t:chidi@example.com', 'ana@example.com chidi@example.com'],
  ['emails[]=ana@example.com&emails[]=chidi@example.com', 'ana@example.com chidi@example.com'],
];
