import type { PasteCase } from '../paste-case.ts';

export const directoryExports: readonly PasteCase[] = [
  [
    'dn: uid=ana,ou=people,dc=example,dc=com\nmail: ana@example.com\nmailAlternateAddress: ana.reyes@example.org\n-',
    'ana@example.com ana.reyes@example.org',
  ],
  [
    'dn: mail=petr@example.org,ou=Users,o=Example\nobjectClass: inetOrgPerson\ncn: Petr Novak',
    'petr@example.org',
  ],
  ['mail:: YW5hQGV4YW1wbGUuY29t\nmail: yuki@example.net', 'yuki@example.net'],
  [
    'cn: Ana Reyes\nproxyAddresses: SMTP:ana@example.com\nproxyAddresses: smtp:a.reyes@example.com\nproxyAddresses: X500:/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0a1b-Ana',
    'ana@example.com a.reyes@example.com',
  ],
  [
    'Ana Reyes </O=EXCHANGELABS/OU=EXCHANGE ADMINISTRATIVE GROUP (FYDIBOHF23SPDLT)/CN=RECIPIENTS/CN=ANA>; Petr Novak <petr@example.org>',
    'petr@example.org',
  ],
  [
    '"/O=EXCHANGELABS/OU=FIRST/CN=RECIPIENTS/CN=ANA.REYES" <IMCEAEX-_O=EXCHANGELABS@example.com>',
    '',
    { rejected: 'identifier', ruling: 'The name of an Exchange object is nobody to invite.' },
  ],
  [
    'userPrincipalName\tmail\nana@corp.example.com\tana@example.com',
    'ana@corp.example.com ana@example.com',
  ],
  [
    'DistinguishedName : CN=Ana Reyes,OU=Sales,DC=corp,DC=example,DC=com\nEmailAddress      : ana@example.com\nEnabled           : True',
    'ana@example.com',
  ],
  [
    'CORP\\ana (ana@example.com), CORP\\petr (petr@example.org)',
    'ana@example.com petr@example.org',
  ],
];

export const databaseDumps: readonly PasteCase[] = [
  [
    "INSERT INTO `users` (`id`,`email`,`note`) VALUES (1,'ana@example.com',NULL),(2,'petr@example.org','it''s ok');",
    'ana@example.com petr@example.org',
  ],
  [
    'COPY public.users (id, email, created_at) FROM stdin;\n1\tana@example.com\t2026-03-03 10:00:00+00\n2\t\\N\t2026-03-04\n\\.',
    'ana@example.com',
  ],
  [
    ' id |      email       | role\n----+------------------+------\n  1 | ana@example.com  | admin\n  2 | petr@example.org | member\n(2 rows)',
    'ana@example.com petr@example.org',
  ],
  [
    '+----+-----------------+\n| id | email           |\n+----+-----------------+\n|  1 | ana@example.com |\n+----+-----------------+',
    'ana@example.com',
  ],
  [
    "UPDATE users SET email = 'ana@example.com' WHERE email = 'ana@exmaple.con';",
    'ana@example.com',
    { rejected: 'unknown-tld' },
  ],
  [
    '{"_id":{"$oid":"65f"},"email":"ana@example.com","tags":["a","b"]}\n{"_id":{"$oid":"66a"},"email":"petr@example.org"}',
    'ana@example.com petr@example.org',
  ],
  [
    '{"payload":"{\\"to\\":[\\"ana@example.com\\",\\"petr@example.org\\"]}"}',
    'ana@example.com petr@example.org',
  ],
  ['{"a":"{\\\\\\"b\\\\\\":\\\\\\"ana@example.com\\\\\\"}"}', 'ana@example.com'],
  [
    'db.users.insertOne({ email: \'ana@example.com\', cc: [ "petr@example.org" ] })',
    'ana@example.com petr@example.org',
  ],
  [
    '# Dump\nDATABASE_URL=postgresql://app:p%40ss@db.example.com:5432/prod\nADMIN=ana@example.com',
    'ana@example.com',
    { rejected: 'userinfo-url' },
  ],
  [
    'a:2:{i:0;s:15:"ana@example.com";i:1;s:16:"petr@example.org";}',
    'ana@example.com petr@example.org',
  ],
  ['<row email="ana@example.com" manager="petr@example.org"/>', 'ana@example.com petr@example.org'],
];

export const mailLogs: readonly PasteCase[] = [
  [
    'Mar  3 10:00:01 mx postfix/smtp[812]: 4F1A2: to=<ana@example.com>, orig_to=<a@example.com>, relay=mx.example.com[192.0.2.7]:25, status=sent (250 2.0.0 Ok)',
    'ana@example.com a@example.com',
  ],
  [
    '192.0.2.7 - ana@example.com [03/Mar/2026:10:00:00 +0000] "GET /u?id=1 HTTP/1.1" 200',
    'ana@example.com',
  ],
  [
    'time=2026-03-03T10:00:00Z level=info msg="invited" email=ana@example.com by=petr@example.org',
    'ana@example.com petr@example.org',
  ],
  ['[2026-03-03 10:00] ERROR user:ana@example.com: no seat left', 'ana@example.com'],
  [
    'pam_unix(sshd:auth): authentication failure; logname= uid=0 user=ana@example.com',
    'ana@example.com',
  ],
  ['\u001B[32minfo\u001B[39m: sent to \u001B[1mana@example.com\u001B[22m', 'ana@example.com'],
  [
    'remote: https://ana:ghp_s3cret@git.example.com/team/app.git/ denied to ana@example.com',
    'ana@example.com',
    { rejected: 'userinfo-url' },
  ],
  [
    'at Object.send (/srv/node_modules/@acme/mailer@2.1.0/index.js:10:3) ana@example.com',
    'ana@example.com',
    { rejected: 'handle identifier', ruling: 'A scope and a version are two entries.' },
  ],
];

export const attendeeLists: readonly PasteCase[] = [
  [
    'Ana Reyes <ana@example.com> - organizer\nPetr Novak <petr@example.org> - declined\n2 guests, 1 yes, 1 no',
    'ana@example.com petr@example.org',
  ],
  [
    'Guests\nana@example.com\nOrganizer\npetr@example.org\nOptional\n(3 yes, 1 awaiting)',
    'ana@example.com petr@example.org',
  ],
  [
    'Name (Original Name),User Email,Join Time,Leave Time\n"Ana Reyes (she/her)",ana@example.com,03/03/2026 10:00:01 AM,03/03/2026 10:30:00 AM\n"Petr",,03/03/2026,',
    'ana@example.com',
  ],
  [
    'Full Name\tFirst Join\tEmail\tRole\nAna Reyes\t3/3/2026, 10:00:00 AM\tana@example.com\tPresenter',
    'ana@example.com',
  ],
  [
    'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=ana@example.com;X-NUM-GUESTS=0:mailto:ana@example.com',
    'ana@example.com',
  ],
  [
    '@Ana Reyes @petr can you add yuki@example.net?',
    'yuki@example.net',
    { rejected: 'handle handle' },
  ],
  ['Ana Reyes (External) <ana@example.com>; +1 more', 'ana@example.com'],
  [
    'Join: https://zoom.example.com/j/123?pwd=abc@def\nHost: ana@example.com',
    'ana@example.com',
    { rejected: 'no-tld' },
  ],
  ['👤 Ana Reyes ✉️ ana@example.com 📞 +44 7400 123456', 'ana@example.com'],
];

export const copiedTexts: readonly PasteCase[] = [
  ['ana.reyes@\nexample.com and petr@example.org', 'petr@example.org', { rejected: 'no-domain' }],
  ['ana@example.com\fPage 2\npetr@example.org', 'ana@example.com petr@example.org'],
  ['1.1 Contact ........ ana@example.com ........ 12', 'ana@example.com'],
  [
    'Ana Reyes\nVP Sales | Example\nM +44 7400 123456 | E ana@example.com | W www.example.com',
    'ana@example.com',
  ],
  [
    'T: +1 (202) 555-0123\nE: ana@example.com\nF: @anareyes',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    'ana@example.com+44 7400 123456',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A plus cannot go on a domain.' },
  ],
  [
    '+447400123456,ana@example.com;+447400123457,petr@example.org',
    'ana@example.com petr@example.org',
  ],
  [
    '"Reyes, Ana","ana@example.com","said ""hi"" to petr@example.org"',
    'ana@example.com petr@example.org',
  ],
  ['"=HYPERLINK(""mailto:ana@example.com"",""ana@example.com"")"', 'ana@example.com'],
  ["'ana@example.com\n'petr@example.org", 'ana@example.com petr@example.org'],
  [
    '| Name | Mail |\n|:-----|:----:|\n| Ana | [ana@example.com](mailto:ana@example.com) |\n| Petr | `petr@example.org` |',
    'ana@example.com petr@example.org',
  ],
  [
    '- [ ] ana@example.com\n- [x] ~~petr@example.org~~',
    'ana@example.com petr@example.org',
    { review: 'petr@example.org' },
  ],
  ['ana@example.com (work)\r\rpetr@example.org (home)', 'ana@example.com petr@example.org'],
  [
    '<!-- ana@example.com --><a href="mailto:petr@example.org?body=Hi%0Ayuki">Mail</a>',
    'ana@example.com petr@example.org',
  ],
  ['<a data-cfemail="a1b2c3">[email&#160;protected]</a> ana@example.com', 'ana@example.com'],
  ['ana@example.com&nbsp;&middot;&nbsp;petr@example.org', 'ana@example.com petr@example.org'],
];

export const foreignScripts: readonly PasteCase[] = [
  ['البريد: ana@example.com، وأيضا petr@example.org.', 'ana@example.com petr@example.org'],
  ['דוא״ל: ‎ana@example.com‎; טלפון: 03-1234567', 'ana@example.com'],
  ['\u202Bana@example.com\u202C; \u2067petr@example.org\u2069', 'ana@example.com petr@example.org'],
  ['ایمیل\u200C: ana@example.com', 'ana@example.com'],
  ['連絡先：ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ、petr＠example.org', 'ana@example.com petr@example.org'],
  ['メール：ana@example.com（営業部）', 'ana@example.com'],
  ['이메일: ana@example.com으로 보내세요', 'ana@example.com', { review: 'ana@example.com' }],
  ['ana [at] example [dot] com; petr [at] example.org', ''],
  ['ana(at)example(dot)com or petr@example.org', 'petr@example.org'],
  ['ana AT example DOT com; yuki at example.net', ''],
  ['ana {at} example.com', ''],
];

export const brokenLines: readonly PasteCase[] = [
  ['ana.re=\nyes@example.com', '', { rejected: 'entity-encoded' }],
  [
    'ana.re=\r\nyes@example.com, petr@example.org',
    'petr@example.org',
    { rejected: 'entity-encoded' },
  ],
  ['Please write to ana@example.co=\nm by Friday.', '', { rejected: 'entity-encoded' }],
  ['Please write to =\nana@example.com', 'ana@example.com'],

  ['to=ana@example.co=\nm', '', { rejected: 'entity-encoded' }],
  ['To: ana@example.com,=\r\n petr@example.org', 'ana@example.com petr@example.org'],
  [
    'ADMIN_EMAIL=\nana@example.com',
    'ana@example.com',
    { ruling: 'A line with nothing but a key names what follows.' },
  ],
  [
    '{\\rtf1\\ansi ana@example.com\\par petr@example.org\\par}',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],

  ['ana=2Ereyes@example.com', '', { rejected: 'entity-encoded' }],

  [
    '<b>Email:</b>ana@example.com <i>or</i> <u>petr@example.org</u> <span>Lea</span><span>lea@example.com</span>',
    'ana@example.com petr@example.org lea@example.com',
  ],
  ['http_proxy=ana:s3cret@proxy.example.com:8080', '', { rejected: 'userinfo-url' }],
  [
    'petr@example.com lea:hunter2@db.example.com:5432/app mailto:noor@example.com:25 ',
    'petr@example.com noor@example.com',
    { rejected: 'userinfo-url' },
  ],
  ['ana:ana@example.com:1001:staff, petr@example.org:22', 'ana@example.com petr@example.org'],
  ['ana@example.com<wbr><br>petr@example.org', 'ana@example.com petr@example.org'],
  ["jos\\'e9@example.com", '', { rejected: 'bad-char' }],

  ["echo '\\'abby@example.com\\''", 'abby@example.com'],
];

export const schemelessUrls: readonly PasteCase[] = [
  ['//app:s3cret@db.example.com/prod', '', { rejected: 'userinfo-url' }],
  ['<script src="//ana:hunter2@cdn.example.com/a.js">', '', { rejected: 'userinfo-url' }],
  ['url=//app:80x@db.example.com', '', { rejected: 'userinfo-url' }],

  [
    '//app.example.com:8080/invite/ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com' },
  ],
  ['Phone: 555 // Email: ana@example.com', 'ana@example.com'],
];
