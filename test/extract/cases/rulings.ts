import type { PasteCase } from '../paste-case.ts';

/** What the guide says, and the paste that shows it. Its table is generated from here. */
export const rulings: Readonly<Record<string, PasteCase>> = {
  'Any separator works': [
    'ana@example.com; petr@example.org、yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  'Address lines give the address once': [
    '"Reyes, Ana" <ana@example.com>; \'petr@example.org\'',
    'ana@example.com petr@example.org',
  ],
  'Links give it once as well': ['petr@example.org<mailto:petr@example.org>', 'petr@example.org'],
  'Tables, JSON, SQL, HTML, vCards': [
    '{"email":"ana@example.com\\npetr@example.org"}',
    'ana@example.com petr@example.org',
  ],
  'Wrapping punctuation goes': [
    '(**ana@example.com**), «petr@example.org».',
    'ana@example.com petr@example.org',
  ],
  'An apostrophe inside stays, around it goes': [
    "'nora.o'brien@example.com'",
    "nora.o'brien@example.com",
  ],
  'A key gives its value': [
    'MAIL_FROM=ana@example.com --to=petr@example.org',
    'ana@example.com petr@example.org',
  ],
  'What is malformed is refused whole': [
    'ana..reyes@example.com e***@example.com',
    '',
    { rejected: 'double-dot masked' },
  ],
  'Two at signs: no head, no tail': ['ana@example.com@example.org', '', { rejected: 'double-at' }],
  'Letters of every script belong to the address': [
    'müller@example.com 用户@例え.example.com',
    'müller@example.com 用户@xn--r8jz45g.example.com',
  ],
  'A script without spaces ends where ASCII starts': [
    '请联系ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com' },
  ],
  'Full-width forms are folded': ['ana＠example．com', 'ana@example.com'],
  'Invisible characters go': ['\u200Bana@exam\u00ADple.com\uFEFF', 'ana@example.com'],
  'They separate two complete addresses': [
    'ana@example.com\u200Bpetr@example.org',
    'ana@example.com petr@example.org',
  ],
  'Reordering characters inside are refused': [
    'an\u202Ea@example.com',
    '',
    { rejected: 'bidi-override' },
  ],
  'Look-alike letters ask for a look': [
    '\u0430na@example.com',
    '\u0430na@example.com',
    { review: '\u0430na@example.com' },
  ],
  'A password in a URL is nobody': [
    'postgres://app:s3cret@db.example.com/app',
    '',
    { rejected: 'userinfo-url' },
  ],
  'Without its scheme, too': ['//app:s3cret@db.example.com', '', { rejected: 'userinfo-url' }],
  'And in front of a port': ['ana:s3cret@proxy.example.com:8080', '', { rejected: 'userinfo-url' }],
  'Behind the host of a URL, an address is one': [
    'https://example.com/invite?email=ana@example.com',
    'ana@example.com',
  ],
  'Hosts with a path': ['git@git.example.com:team/app.git', '', { rejected: 'scp-path' }],
  'Handles, versions, message ids': [
    '@ana react@18.2.0 Message-ID: <x1@mail.example.com>',
    '',
    { rejected: 'handle identifier message-id' },
  ],
  'Other protocols': [
    'sip:ana@example.com acct:petr@example.org',
    'petr@example.org',
    { rejected: 'identifier' },
  ],
  'The angle address is the recipient': [
    '"ceo@example.com" <mallory@example.net>',
    'mallory@example.net',
    { rejected: 'display-name-address' },
  ],
  'Nothing out of a quoted local part': [
    '"petr@example.org x"@example.com',
    '',
    { rejected: 'quoted-local' },
  ],
  'Domains in lower case, the first spelling stays': [
    'Ana@Example.com ANA@EXAMPLE.COM',
    'Ana@example.com',
  ],
  'Plus tags and dots are kept': [
    'ana+news@example.com a.na@example.com',
    'ana+news@example.com a.na@example.com',
  ],
  'Nothing is de-obfuscated': ['ana at example dot com, ana [at] example.com', ''],
  'Nothing is joined across a line break': ['ana@\nexample.com', '', { rejected: 'no-domain' }],
  'A word that a mail breaks off is refused whole': [
    'ana.re=\nyes@example.com petr@example.co=\nm',
    '',
    { rejected: 'entity-encoded entity-encoded' },
  ],
  'The top-level domain is a delegated one': [
    'ana@example.comm logo@2x.png',
    '',
    { rejected: 'unknown-tld unknown-tld' },
  ],
  'File names under delegated ones ask for a look': [
    'clip@1080p.mov',
    'clip@1080p.mov',
    { review: 'clip@1080p.mov' },
  ],
  'Escapes are decoded in `mailto:` only': [
    'mailto:ana%2Bnews@example.com petr%40example.org',
    'ana+news@example.com',
    { rejected: 'entity-encoded' },
  ],
  'Rewritten return paths are nobody': [
    'SRS0=HH=TT=example.org=ana@fwd.example.com',
    '',
    { rejected: 'srs' },
  ],
  'Emphasis goes, an unpaired underscore stays': [
    '_ana@example.com_ _petr@example.org',
    'ana@example.com _petr@example.org',
  ],
};
