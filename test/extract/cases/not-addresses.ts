import type { PasteCase } from '../paste-case.ts';

export const identifiers: readonly PasteCase[] = [
  ['npm install @example/ui@2.1.0', '', { rejected: 'identifier identifier' }],
  ['react@18.2.0 vue@3.4.21', '', { rejected: 'identifier identifier' }],
  ['left@latest, right@next', '', { rejected: 'no-tld no-tld' }],
  ['"lodash@^4.17.21"', '', { rejected: 'identifier' }],
  ['pkg:npm/%40example/ui@2.1.0', '', { rejected: 'entity-encoded identifier' }],
  ['python@3.12 node@22', '', { rejected: 'identifier no-tld' }],
  ['sip:ana@example.com', '', { rejected: 'identifier', ruling: 'Not mail' }],
  ['sips:ana@voip.example.com;transport=tls', '', { rejected: 'identifier', ruling: 'Not mail' }],
  ['xmpp:ana@chat.example.com', '', { rejected: 'identifier', ruling: 'Not mail' }],
  ['acct:ana@example.com', 'ana@example.com', { ruling: 'An account at a mail domain' }],
  ['@ana:matrix.example.org', '', { rejected: 'handle' }],
  ['root@localhost', '', { rejected: 'no-tld' }],
  ['root@192.0.2.7', '', { rejected: 'ip-literal' }],
  ['postmaster@[192.0.2.7]', '', { rejected: 'ip-literal' }],
  ['admin@[IPv6:2001:db8::25]', '', { rejected: 'ip-literal' }],
  ['ana@intranet', '', { rejected: 'no-tld' }],
  ['10.5281/zenodo.4711@v2', '', { rejected: 'no-tld' }],
  ['uses: docker/login-action@v3.1.0', '', { rejected: 'identifier' }],
  ['registry.example.com/app@sha256:9f86d081884c7d65', '', { rejected: 'identifier' }],
  ['go get example.com/tool@v1.4.2', '', { rejected: 'identifier' }],
  ['5 items @ 3.50 each, 2 @ €4', ''],
  ['Lunch @ 12:30, ana@example.com', 'ana@example.com'],
  ['f/2.8 @ 1/250s', ''],
  ['user@HOST-12:~$ ls', '', { rejected: 'scp-path' }],
  ['ana@laptop:~/src$ git status', '', { rejected: 'scp-path' }],
];

export const handles: readonly PasteCase[] = [
  ['@ana', '', { rejected: 'handle' }],
  ['@ana @petr, @yuki!', '', { rejected: 'handle handle handle' }],
  ['@ana@social.example.com', '', { rejected: 'handle', ruling: 'A fediverse handle' }],
  [
    'Follow @ana@social.example.com or mail ana@example.com',
    'ana@example.com',
    { rejected: 'handle', ruling: 'A fediverse handle' },
  ],
  ['twitter.com/@ana', '', { rejected: 'identifier' }],
  ['(@ana)', '', { rejected: 'handle' }],
  ['cc @example/admins', '', { rejected: 'identifier' }],
  ['@example.com', '', { rejected: 'handle' }],
  [
    'Everyone @example.com may join',
    '',
    { rejected: 'space-around-at', ruling: 'Reads as an address with a blank in it' },
  ],
  ['ana@', '', { rejected: 'no-domain' }],
  ['ana@ petr@example.org', 'petr@example.org', { rejected: 'no-domain' }],
  ['@', ''],
  ['@ana.bsky.example.com', '', { rejected: 'handle' }],
];

export const messageIds: readonly PasteCase[] = [
  ['Message-ID: <20260303091400.4711@mail.example.com>', '', { rejected: 'message-id' }],
  [
    'Message-Id: <abc$1@mail.example.com>\r\nTo: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  [
    'In-Reply-To: <CAKx2=9@mail.example.com>\nReferences: <a1@mail.example.com>\n <b2@mail.example.com>',
    '',
    { rejected: 'message-id message-id message-id' },
  ],
  ['Content-ID: <image001.png@01DA6D3C.4A1B2C30>', '', { rejected: 'message-id' }],
  ['<img src="cid:image001.png@01DA6D3C.4A1B2C30">', '', { rejected: 'message-id' }],
  ['cid:logo@example.com', '', { rejected: 'message-id' }],
  ['mid:960830.1639@mail.example.com', '', { rejected: 'message-id' }],
  ['message-id=<abc@mail.example.com>', '', { rejected: 'message-id' }],
  [
    'Message-ID:\n <abc.def@mail.example.com>\nFrom: ana@example.com',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  [
    'References: <a1@mail.example.com> <b2@mail.example.com>\nTo: <ana@example.com>',
    'ana@example.com',
    { rejected: 'message-id message-id' },
  ],
  ['X-Gmail-Original-Message-ID: <abc@mail.example.com>', '', { rejected: 'message-id' }],

  ['Message-ID:\u00A0<abc@mail.example.com>', '', { rejected: 'message-id' }],

  ['"messageId":"<abc@mail.example.com>"', '', { rejected: 'message-id' }],
  ['Resent-Message-ID: <x@mail.example.com>', '', { rejected: 'message-id' }],
  ['References: Ana Reyes, ana@example.com', 'ana@example.com'],
];

export const filename: readonly PasteCase[] = [
  ['logo@2x.png', '', { rejected: 'unknown-tld' }],
  ['icon@3x.webp, sprite@2x.jpg', '', { rejected: 'unknown-tld unknown-tld' }],
  ['url(bg@2x.svg) ana@example.com', 'ana@example.com', { rejected: 'unknown-tld' }],
  [
    'notes@2024.md',
    'notes@2024.md',
    { review: 'notes@2024.md', ruling: 'A delegated TLD behind a number: look first' },
  ],
  [
    'backup@2026-03-03.zip',
    'backup@2026-03-03.zip',
    { review: 'backup@2026-03-03.zip', ruling: 'A delegated TLD behind a number: look first' },
  ],
  ['report@final.pdf', '', { rejected: 'unknown-tld' }],
  ['img@1.5x.png', '', { rejected: 'identifier' }],
  ['/assets/logo@2x.png?v=3', '', { rejected: 'unknown-tld' }],
  ['dump@2026.sql.gz', '', { rejected: 'unknown-tld' }],
  ['app@1.2.3.tar', '', { rejected: 'identifier' }],
  [
    String.raw`C:\Users\ana@example.com\Desktop`,
    '',
    {
      rejected: 'bad-char',
      ruling: 'Behind a word, a backslash is as likely DOMAIN\\user: refused whole',
    },
  ],
];

export const obfuscated: readonly PasteCase[] = [
  ['ana at example dot com', ''],
  ['ana [at] example [dot] com', ''],
  ['ana(at)example.com', ''],
  ['She works at example.org and lives at home', ''],
  ['ana AT example DOT com, petr@example.org', 'petr@example.org'],
  ['ana{at}example.com', ''],
  ['ana @ example . com', ''],
  ['ana @ example.com', '', { rejected: 'space-around-at' }],
  ['ana@example [dot] com', '', { rejected: 'no-tld' }],
  ['ana@example dot com', '', { rejected: 'no-tld' }],
  ['ana.NOSPAM@example.com', 'ana.NOSPAM@example.com', { ruling: 'Nothing is removed' }],
  ['ana@REMOVE.example.com', 'ana@remove.example.com', { ruling: 'Nothing is removed' }],
  ['moc.elpmaxe@ana', '', { rejected: 'no-tld' }],
  ['ana@example,com', '', { rejected: 'no-tld' }],
  ['ana＠example 点 com', '', { rejected: 'no-tld' }],
  ['meet me at 5 @ the office', ''],
];

export const srsVerp: readonly PasteCase[] = [
  ['SRS0=HHH=TT=example.org=ana@forward.example.com', '', { rejected: 'srs' }],
  ['SRS1=HHH=example.net==HHH=TT=example.org=ana@forward.example.com', '', { rejected: 'srs' }],
  ['srs0+abc=de=example.org=ana@forward.example.com', '', { rejected: 'srs' }],
  [
    'bounces+ana=example.org@lists.example.com',
    '',
    { rejected: 'verp', ruling: 'Returned whole or rejected, never cut at the equals sign' },
  ],
  ['prvs=0123456789=ana@example.com', '', { rejected: 'srs', ruling: 'A signed return path' }],
  [
    'list-bounces+4711=petr=example.org@lists.example.com',
    '',
    { rejected: 'verp', ruling: 'Never cut at the equals sign' },
  ],
  ['ana+SRS@example.com', 'ana+SRS@example.com'],
  [
    'bounce-4711-ana=example.org@mail.example.com; ana@example.com',
    'ana@example.com',
    { rejected: 'verp', ruling: 'Never cut at the equals sign' },
  ],
];
