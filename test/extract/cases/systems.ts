import type { PasteCase } from '../paste-case.ts';

export const directories: readonly PasteCase[] = [
  [
    'dn: uid=ana,ou=people,dc=example,dc=com\nmail: ana@example.com\nmailAlternateAddress: a.reyes@example.org',
    'ana@example.com a.reyes@example.org',
  ],
  [
    'proxyAddresses: {SMTP:ana@example.com, smtp:a.reyes@example.org, sip:ana@example.com}',
    'ana@example.com a.reyes@example.org',
    { rejected: 'identifier' },
  ],
  [
    'UserPrincipalName : ana@example.com\nPrimarySmtpAddress : ana.reyes@example.com\nAlias : areyes',
    'ana@example.com ana.reyes@example.com',
  ],
  [
    'CN=Ana Reyes/OU=Sales/O=Example@EXAMPLE, ana@example.com',
    'ana@example.com',
    { rejected: 'no-tld' },
  ],
  [
    'ana@EXAMPLE.COM (Kerberos principal), host/server1.example.com@EXAMPLE.COM',
    'ana@example.com',
    {
      rejected: 'identifier',
      ruling: 'A service on a host of the realm, not a name behind a slash',
    },
  ],
  ['EX:/O=EXAMPLE/OU=EXCHANGE/CN=RECIPIENTS/CN=AREYES; SMTP:ana@example.com', 'ana@example.com'],
  [
    'getent: ana:x:1001:1001:Ana Reyes,,,ana@example.com:/home/ana:/bin/sh',
    '',
    { rejected: 'scp-path', ruling: 'A host and a path: nothing tells it from one' },
  ],
  [
    '"emails":[{"value":"ana@example.com","type":"work","primary":true}],"userName":"ana"',
    'ana@example.com',
  ],
  ['objectSid: S-1-5-21\nmail=ana@example.com\nmanager=CN=Petr Novak,OU=Sales', 'ana@example.com'],
];

export const consoles: readonly PasteCase[] = [
  [
    'ana@laptop:~/src$ git config user.email\nana@example.com',
    'ana@example.com',
    { rejected: 'scp-path' },
  ],
  ['[ana@server1 ~]$ mail -s hello petr@example.org', 'petr@example.org', { rejected: 'no-tld' }],
  [
    'Author: Ana Reyes <ana@example.com>\nCommit: Petr Novak <petr@example.org>\nCo-authored-by: Yuki Mori <yuki@example.net>',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'Signed-off-by: Ana Reyes <ana@example.com>\nReviewed-by: petr@example.org\nFixes: 3f2a1b',
    'ana@example.com petr@example.org',
  ],
  [
    '  42  Ana Reyes <ana@example.com>\n   7  petr <petr@example.org>',
    'ana@example.com petr@example.org',
  ],
  ['git clone git@git.example.com:team/app.git && cd app', '', { rejected: 'scp-path' }],
  ['ssh -i key.pem deploy@203.0.113.7', '', { rejected: 'ip-literal' }],
  [
    'npm install react@18.2.0 @types/node@22 left-pad@latest',
    '',
    {
      rejected: 'identifier identifier no-tld no-tld',
      ruling: 'Reasons of package names are a matter of taste',
    },
  ],
  ['docker pull registry.example.com/app@sha256:0a1b2c', '', { rejected: 'identifier' }],
  ['mysql -u root@localhost -p', '', { rejected: 'no-tld' }],
  [
    '$ curl -u ana@example.com:s3cret https://api.example.com/v1/me',
    'ana@example.com',
    { ruling: 'The user name is an address; the password is not in it' },
  ],
  ['curl -d "email=ana@example.com&name=Ana" https://api.example.com/invite', 'ana@example.com'],
  [
    'curl --data \'{"to":["ana@example.com","petr@example.org"]}\'',
    'ana@example.com petr@example.org',
  ],
  [
    'MAIL FROM:<ana@example.com> SIZE=1024\r\n250 2.1.0 Ok\r\nRCPT TO:<petr@example.org>\r\n250 2.1.5 Ok',
    'ana@example.com petr@example.org',
  ],
  ['550 5.1.1 <ana@example.com>: Recipient address rejected: User unknown', 'ana@example.com'],
  [
    'status=sent to=<ana@example.com>, orig_to=<root>, relay=mx.example.com[192.0.2.7]:25, dsn=2.0.0',
    'ana@example.com',
  ],
  [
    '2026-03-03T09:14:00Z INFO invite.sent email=ana@example.com org=42 ip=192.0.2.7',
    'ana@example.com',
  ],
  [
    '{"level":30,"msg":"sent","to":"ana@example.com","messageId":"<a1@mail.example.com>"}',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  ['gpg: Good signature from "Ana Reyes (work) <ana@example.com>" [ultimate]', 'ana@example.com'],
  [
    'uid           [ultimate] Ana Reyes <ana@example.com>\nsub   rsa4096 2026-03-03 [E]',
    'ana@example.com',
  ],
  ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHx ana@example.com', 'ana@example.com'],
  ['ssh-rsa AAAAB3Nza== ana@laptop', '', { rejected: 'no-tld' }],
  ['[user]\n\tname = Ana Reyes\n\temail = ana@example.com', 'ana@example.com'],
  [
    'ADMIN_EMAILS="ana@example.com petr@example.org" # space separated',
    'ana@example.com petr@example.org',
  ],
  ['export ADMIN=ana@example.com;export CC=petr@example.org', 'ana@example.com petr@example.org'],
  [
    'admins = ["ana@example.com", \'petr@example.org\',] # toml',
    'ana@example.com petr@example.org',
  ],
  ['ServerAdmin ana@example.com\nServerName www.example.com', 'ana@example.com'],
  ['0 7 * * 1 root mail -s report ana@example.com', 'ana@example.com'],
  ['root: ana@example.com, \\petr', 'ana@example.com'],
  ['postmaster:ana@example.com', 'ana@example.com'],
  ['example.com. 3600 IN SOA ns1.example.com. hostmaster.example.com. 2026030301', ''],
  ['@ IN MX 10 mail.example.com.', ''],
  [
    '"v=DMARC1; p=none; rua=mailto:dmarc@example.com,mailto:ana@example.org; pct=100"',
    'dmarc@example.com ana@example.org',
  ],
];

export const hostileCharacters: readonly PasteCase[] = [
  ['an\0a@example.com', 'a@example.com', { ruling: 'A control character is a boundary' }],
  ['\uD83Dana@example.com', '', { rejected: 'bad-char' }],
  ['ana@example.com\uDC00', '', { rejected: 'bad-label' }],
  ['ana\uDFFF@example.com', '', { rejected: 'bad-char' }],
  ['ana@exam\u202Eple.com', '', { rejected: 'bidi-override' }],
  ['\u2067ana@example.com\u2069, \u2068petr@example.org\u2069', 'ana@example.com petr@example.org'],
  ['\u200Fana@example.com\u200E', 'ana@example.com'],
  ['ana@example.com\u200B\u200B\u200Bpetr@example.org', 'ana@example.com petr@example.org'],
  ['\u2060ana\u2060@\u2060example.com', 'ana@example.com'],
  ['ana\u00AD.reyes@example.com', 'ana.reyes@example.com'],
  ['ana@example.com\u180E', 'ana@example.com'],
  ['\uFFFEana@example.com', '', { rejected: 'bad-char' }],
  ['ana@example.com\u0085petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.com\u001Fpetr@example.org\u001E', 'ana@example.com petr@example.org'],
  ['\u001B[1mana@example.com\u001B[0m', 'ana@example.com'],
  [
    'ana\u2800@example.com',
    '',
    { rejected: 'bad-char', ruling: 'A braille blank is a symbol, and so a boundary' },
  ],
  ['ana\u200D@example.com', 'ana@example.com'],
  ['\u{E0061}ana@example.com', 'ana@example.com'],
  ['ana@example.com\uFE0F', 'ana@example.com'],
  [
    'ana@example.com\uFFFC',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'An object replacement character stands for a picture' },
  ],
];
