import type { PasteCase } from '../paste-case.ts';

export const credentials: readonly PasteCase[] = [
  [
    'ldap://cn=admin,dc=example:s3cret@ldap.example.com/',
    '',
    { rejected: 'userinfo-url', ruling: 'What stands before the comma is no host' },
  ],

  ['https://ana#s3cret@git.example.com', '', { rejected: 'userinfo-url' }],
  ['https://acme.example.com:8080;ana@example.com', 'ana@example.com'],
  [
    'http://localhost:3000,ana@example.com|http://[::1],petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com' },
  ],
  ['postgres://app:s3cret@db.example.com:5432/prod', '', { rejected: 'userinfo-url' }],
  [
    'DATABASE_URL=mysql://root:hunter2@db.example.com/app?ssl=true',
    '',
    { rejected: 'userinfo-url' },
  ],
  [
    'git clone https://deploy:ghp_abc123@git.example.com/team/app.git',
    '',
    { rejected: 'userinfo-url' },
  ],
  ['redis://:p%40ss@cache.example.com:6379/0', '', { rejected: 'userinfo-url' }],
  ['ssh://git@git.example.com:22/org/repo.git', '', { rejected: 'userinfo-url' }],
  [
    'https://example.com/invite?email=ana@example.com&cc=chidi@example.com',
    'ana@example.com chidi@example.com',
  ],
  ['https://example.com/users/ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  [
    'https://example.com/#/users/ana@example.com/edit',
    'ana@example.com',
    { review: 'ana@example.com' },
  ],
  [
    'amqps://svc:pa$$w0rd@mq.example.net/vhost and mail ops@example.net',
    'ops@example.net',
    { rejected: 'userinfo-url' },
  ],
  [
    'mongodb+srv://user:p@ss@cluster0.example.net/test?retryWrites=true',
    '',
    { rejected: 'userinfo-url' },
  ],
  ['see https://example.com?owner=ana@example.com', 'ana@example.com'],
  ['(https://user@example.com)', '', { rejected: 'userinfo-url' }],
  ['smtp://mailer:abc/def@smtp.example.com:587', '', { rejected: 'userinfo-url' }],
  ['http://example.com:8080/x;ana@example.com', 'ana@example.com'],
  ['<https://ana:pw@example.com>', '', { rejected: 'userinfo-url' }],
  [
    'SMTP_URL="smtps://postmaster%40example.com:k3y-0@smtp.example.org:465"',
    '',
    { rejected: 'userinfo-url' },
  ],
];

export const brokenLocalParts: readonly PasteCase[] = [
  ['ana@chidi@example.com', '', { rejected: 'double-at' }],
  ['ana@example.org@example.com', '', { rejected: 'double-at' }],
  ['e***@example.com', '', { rejected: 'masked' }],
  ['a•••s@example.com', '', { rejected: 'masked' }],
  ['j*****n@example.com, ana@example.com', 'ana@example.com', { rejected: 'masked' }],
  [
    'good@example.com, bad..one@example.com, fine@example.com',
    'good@example.com fine@example.com',
    { rejected: 'double-dot' },
  ],
  ['"a@b"@example.com', '', { rejected: 'quoted-local' }],
  ['x...@example.com', '', { rejected: 'double-dot' }],
  ['<.ana@example.com>', '', { rejected: 'leading-dot' }],
  ['ééééééééééééééééééééééééééééééééé@example.com', '', { rejected: 'local-too-long' }],
  ['ana@@@example.com; chidi@example.com', 'chidi@example.com', { rejected: 'double-at' }],
  ['..ana@example.com', '', { rejected: 'double-dot' }],
  ['a####s@example.com', 'a####s@example.com'],
  ['(ana.)@example.com', '', { rejected: 'bad-char' }],
];

export const brokenDomains: readonly PasteCase[] = [
  ['ana@localhost', '', { rejected: 'no-tld' }],
  ['ana@example.con, chidi@example.com', 'chidi@example.com', { rejected: 'unknown-tld' }],
  ['ana@exa_mple.com', '', { rejected: 'bad-label' }],
  ['ana@[192.0.2.1]', '', { rejected: 'ip-literal' }],
  ['ana@192.0.2.1', '', { rejected: 'ip-literal' }],
  ['ana@[IPv6:2001:db8::1]', '', { rejected: 'ip-literal' }],
  [
    'ana@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com',
    '',
    { rejected: 'label-too-long' },
  ],
  [
    'ana@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com',
    '',
    { rejected: 'too-long' },
  ],
  ['ana@server.local', '', { rejected: 'unknown-tld' }],
  ['ana@mail.internal', '', { rejected: 'unknown-tld' }],
  ['ana@host.test; chidi@example.net', 'chidi@example.net', { rejected: 'unknown-tld' }],
  ['ana@com', '', { rejected: 'no-tld' }],
  ['ana@example.com--', 'ana@example.com', { review: 'ana@example.com' }],
  ['ana@example.co.uk.', 'ana@example.co.uk'],
  ['ana@a--b.example.com', 'ana@a--b.example.com'],
];

export const typingErrors: readonly PasteCase[] = [
  ['ana@example,com chidi@example.com', 'chidi@example.com', { rejected: 'no-tld' }],
  ['ana@example.com,chidi@example;com', 'ana@example.com', { rejected: 'no-tld' }],
  ['ana#example.com chidi@example.com', 'chidi@example.com'],
  ['anaexample.com; chidi@example.com', 'chidi@example.com'],
  ['ana@examplecom; chidi@example.com', 'chidi@example.com', { rejected: 'no-tld' }],
  ['ana@exmaple.com', 'ana@exmaple.com'],
  ['ana @example.com; chidi@ example.org', '', { rejected: 'space-around-at space-around-at' }],
  ['ana@example. com', '', { rejected: 'no-tld' }],
  ['ana.@example.com;.chidi@example.com', '', { rejected: 'trailing-dot leading-dot' }],
  ['ana"@example.com', '', { rejected: 'quoted-local' }],
  ['ana<@example.com', '', { rejected: 'handle' }],
  ['ana@<example.com>', '', { rejected: 'no-domain' }],
  ['ana@example.c om', '', { rejected: 'unknown-tld' }],
  ['ana@www.example.com', 'ana@www.example.com'],
  ['ana@http://example.com', '', { rejected: 'scp-path' }],
  ['ana@example/com', '', { rejected: 'no-tld' }],
  ['ana@2example.com', 'ana@2example.com'],
  ['ana!@example.com', 'ana!@example.com'],
  ['ana@example.con.', '', { rejected: 'unknown-tld' }],
];

export const packages: readonly PasteCase[] = [
  ['npm i react@18.2.0 @types/node@22.1.0', '', { rejected: 'identifier identifier identifier' }],
  ['lodash@4.17.21', '', { rejected: 'identifier' }],
  ['uses: actions/checkout@v4', '', { rejected: 'no-tld' }],
  ['docker pull registry.example.com/app@sha256:9f86d081884c7d65', '', { rejected: 'identifier' }],
  [
    '@babel/core@7.24.0 and @scope/pkg@next',
    '',
    { rejected: 'identifier identifier identifier no-tld' },
  ],
  ['1024@2x', '', { rejected: 'no-tld' }],
  ['meeting @ 10:30', ''],
  ['3 apples @ $1.99', ''],
  ['@ana please review', '', { rejected: 'handle' }],
  ['git@github.com:example/app.git', '', { rejected: 'scp-path' }],
  ['@alice:matrix.example.org', '', { rejected: 'handle' }],
  ['12:30@2025-03-04', '', { rejected: 'no-tld' }],
  [
    '"dependencies": { "left-pad@1.3.0": "*", "@acme/ui@^2.0.0": "1" }',
    '',
    { rejected: 'identifier identifier identifier' },
  ],
  ['go install example.com/cmd/tool@v1.2.3', '', { rejected: 'identifier' }],
  ['com.example.App@6f2a9c', '', { rejected: 'no-tld' }],
  ['java.lang.Object@1b6d3586', '', { rejected: 'no-tld' }],
  ['pip install pkg@git+https://git.example.com/x/y.git', '', { rejected: 'no-tld' }],
  ['user@host:~/projects$ ls', '', { rejected: 'scp-path' }],
  ['@@ -12,7 +12,9 @@ function send(', ''],
  ['SELECT @@version, @x := 1', '', { rejected: 'handle handle' }],
  ['%40alice and @', '', { rejected: 'handle' }],
  ['!room:example.org @bob:example.org #chan:example.org', '', { rejected: 'handle' }],
];

export const fileNames: readonly PasteCase[] = [
  ['icons/arrow@3x.svg, icon@1.5x.webp', '', { rejected: 'unknown-tld identifier' }],
  ['photo@2x.jpg sent by ana@example.com', 'ana@example.com', { rejected: 'unknown-tld' }],
  ['backup@2024-01-01.tar.gz', '', { rejected: 'unknown-tld' }],
  ['archive@2025.zip', 'archive@2025.zip', { review: 'archive@2025.zip' }],
  ['/home/ana@example.com/report.pdf', 'ana@example.com', { review: 'ana@example.com' }],
  ['C:\\mail\\nina@example.com.msg', '', { rejected: 'bad-char' }],
  ['ana@example.com.pdf', '', { rejected: 'unknown-tld' }],
  ['systemd: getty@tty1.service', '', { rejected: 'unknown-tld' }],
  ['user@1000.service user@.service', '', { rejected: 'unknown-tld leading-dot' }],
];

export const attacks: readonly PasteCase[] = [
  ['"ana@example.com" <eve@example.org>', 'eve@example.org', { rejected: 'display-name-address' }],
  ['ana@example.com <eve@example.org>', 'eve@example.org', { rejected: 'display-name-address' }],
  ['<ana@example.com\r\nBcc: eve@example.org>', 'ana@example.com eve@example.org'],
  ['"ana@example.com>, <eve@example.org"@example.net', '', { rejected: 'quoted-local' }],
  [
    '__proto__@example.com, constructor@example.com, toString@example.com',
    '__proto__@example.com constructor@example.com toString@example.com',
  ],
  ['<script>alert(1)</script>ana@example.com', 'ana@example.com'],
  ["'; DROP TABLE users; -- ana@example.com", 'ana@example.com'],
  ['ana@example.com,"eve <eve@example.org>"', 'ana@example.com eve@example.org'],
  ['{{7*7}}@example.com', '', { rejected: 'bad-char' }],
  [
    'ana@example.com;eve@example.org?bcc=mallory@example.net',
    'ana@example.com eve@example.org mallory@example.net',
  ],
  ['ana@example.com(eve@example.org)', 'ana@example.com eve@example.org'],
  ['ana@\uD800example.com', '', { rejected: 'bad-label' }],
  ['ana\uDC00@example.com', '', { rejected: 'bad-char' }],
  ['password: hunter2@example.com', 'hunter2@example.com'],
  ['\u202Emoc.elpmaxe@ana\u202C', '', { rejected: 'no-tld' }],
  ['ana@example.com\u202E', 'ana@example.com'],
];

export const remotePaths: readonly PasteCase[] = [
  ['scp report.pdf deploy@server.example.com:/var/www/', '', { rejected: 'scp-path' }],
  ['rsync -av ./ ana@files.example.com:backup/', '', { rejected: 'scp-path' }],
  ['git clone git@git.example.com:team/app.git', '', { rejected: 'scp-path' }],
  ['git@git.example.com:app.git ana@example.com', 'ana@example.com', { rejected: 'scp-path' }],
  ['ana@host.example.com:~/file.txt', '', { rejected: 'scp-path' }],
  ['ana@example.com: hello', 'ana@example.com'],
  ['ana@example.com:8080', 'ana@example.com'],
  [
    'origin\tgit@git.example.com:org/repo.git (fetch)\norigin\tgit@git.example.com:org/repo.git (push)',
    '',
    { rejected: 'scp-path scp-path' },
  ],
];

export const accounts: readonly PasteCase[] = [
  ['@alice@social.example', '', { rejected: 'handle' }],
  ['@alice@social.example.com follow', '', { rejected: 'handle' }],
  [
    'find me: @ana@mastodon.example.org or ana@example.org',
    'ana@example.org',
    { rejected: 'handle' },
  ],
  ['@ana, @chidi: mail petra@example.org', 'petra@example.org', { rejected: 'handle handle' }],
  ['sip:ana@voip.example.com', '', { rejected: 'identifier' }],
  [
    'sips:ana@voip.example.com;transport=tls and ana@example.com',
    'ana@example.com',
    { rejected: 'identifier' },
  ],
  ['https://social.example.com/@ana', '', { rejected: 'handle' }],
  ['https://social.example.com/@ana@other.example.org', '', { rejected: 'double-at' }],
  ['(@ana@social.example.net)', '', { rejected: 'handle' }],
];

export const returnPaths: readonly PasteCase[] = [
  [
    '<CAJ=abc+def@mail.example.com>',
    '',
    { rejected: 'message-id', ruling: 'A key stands outside the brackets' },
  ],
  ['SRS0=HHH=TT=example.org=alice@forwarder.example.com', '', { rejected: 'srs' }],
  [
    'SRS1=HHH=fwd.example.net==HHH=TT=example.org=alice@forwarder.example.com',
    '',
    { rejected: 'srs' },
  ],
  ['srs0+abcd=xy=example.org=ana@example.com', '', { rejected: 'srs' }],
  [
    'Return-Path: <SRS0=abcd=XY=example.org=ana@fwd.example.com>\nTo: chidi@example.com',
    'chidi@example.com',
    { rejected: 'srs' },
  ],
  ['SRS0-abc=de=example.org=bob@relay.example.com', '', { rejected: 'srs' }],
];

export const spelledOut: readonly PasteCase[] = [
  ['ana AT example.com works at example.org', ''],
  ['ana@example[dot]com', '', { rejected: 'no-tld' }],
  ['ana@example.co[.]uk petr@example.com(dot)au', '', { rejected: 'bad-label bad-label' }],
  ['ana@example.com\u2024au petr@example.co\uFE52uk', '', { rejected: 'bad-label bad-label' }],
  [
    'ana@example.com(.) petr@example.org[1]',
    'ana@example.com petr@example.org',
    { review: 'petr@example.org' },
  ],
  ['ana_at_example.com', ''],
  ['ana{at}example{dot}com', ''],
  ['ana[@]example.com', ''],
  ['ana(@)example.com', ''],
  ['ana@NOSPAM.example.com', 'ana@nospam.example.com'],
  ['she works at example.org, reach her: ana@example.org', 'ana@example.org'],
];

export const endings: readonly PasteCase[] = [
  [
    'ana@example.museum ana@example.photography ana@example.io',
    'ana@example.museum ana@example.photography ana@example.io',
  ],
  [
    'ana@example.dev, chidi@example.app, petra@example.ai',
    'ana@example.dev chidi@example.app petra@example.ai',
  ],
  ['ana@example.png ana@example.docx', '', { rejected: 'unknown-tld unknown-tld' }],
  ['ana@example.cmo chidi@example.ocm', '', { rejected: 'unknown-tld unknown-tld' }],
  ['ana@example.co chidi@example.cm', 'ana@example.co chidi@example.cm'],
  ['ana@example.XN--P1AI', 'ana@example.рф'],
  ['ana@example.travelersinsurance', 'ana@example.travelersinsurance'],
  ['ana@example.comchidi@example.com', '', { rejected: 'double-at' }],
];

export const letters: readonly PasteCase[] = [
  [
    'Hi team, please give ana.reyes@example.com and chidi@example.com access before Friday (petra@example.org already has it). Thanks!',
    'ana.reyes@example.com chidi@example.com petra@example.org',
  ],
  [
    'Write to ana@example.com.Thanks, Chidi',
    '',
    { rejected: 'unknown-tld', ruling: 'Reported, so that one click corrects it' },
  ],
  ['Is it ana@example.com?Or chidi@example.com!', 'ana@example.com chidi@example.com'],
  [
    'Ana Reyes\nHead of Finance | Example Ltd\nM +44 7400 123456 | E ana.reyes@example.com | W www.example.com\n',
    'ana.reyes@example.com',
  ],
  [
    '1) ana@example.com 2) chidi@example.com 3)petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['ana@example.com and/or chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ana@example.com+chidi@example.com', '', { rejected: 'double-at' }],
  ['Please email ana@\nexample.com for details', '', { rejected: 'no-domain' }],
  ['ana.reyes@exam-\nple.com', '', { rejected: 'no-tld' }],
  ['ana@example.com—she is on leave', 'ana@example.com'],
  [
    'Contact (preferred: ana@example.com; otherwise: chidi@example.com).',
    'ana@example.com chidi@example.com',
  ],
  [
    'ana@example.com\\chidi@example.com',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  ['Meet @ noon.today with ana@example.com', 'ana@example.com', { rejected: 'space-around-at' }],
  ['meet@noon.today', 'meet@noon.today'],
  [
    '2025-03-04 10:11:12 INFO user=ana@example.com action=login ip=192.0.2.1\n2025-03-04 10:11:13 WARN user=chidi@example.com failed',
    'ana@example.com chidi@example.com',
  ],
];
