import type { PasteCase } from '../paste-case.ts';

export const sourceEscapes: readonly PasteCase[] = [
  [
    '{"email": "\\u00e9lodie@example.com", "cc": "jos\\u00e9@example.com"}',
    '',
    { rejected: 'entity-encoded entity-encoded' },
  ],
  [
    '"\\u003cana@example.com\\u003e, \\u0022chidi@example.com\\u0022"',
    'ana@example.com chidi@example.com',
  ],
  ['?a=1\\u0026email=ana@example.com', 'ana@example.com'],
  ['\\u201cana@example.com\\u201d', 'ana@example.com'],

  ['\\u2022 ana@example.com\\n\\u2022chidi@example.com', 'ana@example.com chidi@example.com'],
  ['o\\u0027brien@example.com', '', { rejected: 'entity-encoded' }],
  ['\\u0027ana@example.com\\u0027', 'ana@example.com'],
  ['\\u00a0ana@example.com\\u200b', 'ana@example.com'],
  ['&eacute;lodie.dubois@example.org', '', { rejected: 'entity-encoded' }],
  [
    'ana@example.com&#46;au chidi@example.co&#109;',
    '',
    { rejected: 'entity-encoded entity-encoded' },
  ],
  ['ana@example.com&shy;.au', '', { rejected: 'entity-encoded' }],
  ['ana@example.com&#8203;.au', '', { rejected: 'entity-encoded' }],
  [
    'ana@example.com=2Eau chidi@example.com%2Eau',
    '',
    { rejected: 'entity-encoded entity-encoded' },
  ],
  ['"ana@example.com\\u002eau"', '', { rejected: 'entity-encoded' }],

  [
    '&#62;ana@example.com&#60;br&#62; chidi@example.com&#46; petr@example.org&shy;</td>',
    'ana@example.com chidi@example.com petr@example.org',
  ],
  ['Ana&mdash;ana@example.com&ndash;chidi@example.com', 'ana@example.com chidi@example.com'],
  ['o&rsquo;brien@example.com', '', { rejected: 'entity-encoded' }],
  ['&bull;ana@example.com&bull;chidi@example.com', 'ana@example.com chidi@example.com'],
  ['&copy; ana@example.com &rarr; chidi@example.com', 'ana@example.com chidi@example.com'],
  ['<td>Ana&nbsp;Reyes&nbsp;&lt;ana@example.com&gt;</td>', 'ana@example.com'],
  ['users&#x2F;ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  ['email&#61;ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  [
    '&#xe9;lodie@example.com; &#128231;chidi@example.com',
    'chidi@example.com',
    { rejected: 'entity-encoded', review: 'chidi@example.com' },
  ],
  ['=C3=A9lodie@example.com', '', { rejected: 'entity-encoded' }],
  ['From: =?UTF-8?Q?Jos=C3=A9?= <jose@example.com>', 'jose@example.com'],
  [
    'To: =?utf-8?B?w4lsb2RpZQ==?= <elodie@example.org>, ana@example.com',
    'elodie@example.org ana@example.com',
  ],
  ['"name\\":\\"Ana\\",\\"email\\":\\"ana@example.com\\"', 'ana@example.com'],
  ['b"ana@example.com\\xe2\\x80\\x8b"', 'ana@example.com', { review: 'ana@example.com' }],
  ['b"\\xc3\\xa9lodie@example.com"', '', { rejected: 'bad-char' }],
  ['%C3%A9lodie@example.com', '%C3%A9lodie@example.com', { review: '%C3%A9lodie@example.com' }],
  ['mailto:%C3%A9lodie@example.com', 'élodie@example.com'],
  ['ana\\@example.com', '', { rejected: 'bad-char' }],
  ['my $to = "ana\\@example.com";', '', { rejected: 'bad-char' }],
  ['<a href=\\"mailto:ana@example.com\\">', 'ana@example.com'],
  ["[u'ana@example.com', u'chidi@example.com']", 'ana@example.com chidi@example.com'],
  ["EMAIL = b'ana@example.com'", 'ana@example.com'],
  ['ana@example.com\\ud83d\\ude00', 'ana@example.com', { review: 'ana@example.com' }],
  ['ana@example.com\\\\', 'ana@example.com'],
  [
    '{"a":"x\\/ana@example.com","b":"https:\\/\\/example.com\\/chidi@example.com"}',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
];

export const entityText: readonly PasteCase[] = [
  ['&#97;na@example.com', '', { rejected: 'entity-encoded' }],

  ['&lt;ana@example.com&gt;,&lt;chidi@example.com&gt;', 'ana@example.com chidi@example.com'],
  ['ana@example.com&amp;chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ana@example&#46;com', '', { rejected: 'entity-encoded' }],
  ['ana@example.com&#44;chidi@example.com', 'ana@example.com chidi@example.com'],
  ['&nbsp;ana@example.com&nbsp;', 'ana@example.com'],
  ['m&uuml;ller@example.com', '', { rejected: 'entity-encoded' }],
];

export const percentEscapes: readonly PasteCase[] = [
  ['https://example.com/?next=%2Fu&email=ana%40example.com', '', { rejected: 'entity-encoded' }],
  ['ana%2Bdev@example.com', 'ana%2Bdev@example.com', { review: 'ana%2Bdev@example.com' }],
  ['mailto:ana%2btag@example.com', 'ana+tag@example.com'],
  ['mailto:ana%00@example.com', '', { rejected: 'bad-char' }],
  ['mailto:%22ana%20reyes%22@example.com', '', { rejected: 'handle' }],
  ['mailto:ana%252B@example.com', 'ana%2B@example.com', { review: 'ana%2B@example.com' }],
];

export const wideForms: readonly PasteCase[] = [
  [
    '（ana@example.com）［chidi@example.com］｛petra@example.org｝',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    'ana@example.com；chidi@example.com，petra@example.org、dana@example.org',
    'ana@example.com chidi@example.com petra@example.org dana@example.org',
  ],
  ['“ana@example.com”', 'ana@example.com'],
  ['メール＝ana@example.com', 'ana@example.com'],
  ['ana@example.com！chidi@example.com？', 'ana@example.com chidi@example.com'],
  ['ana@example.com｡', 'ana@example.com'],
  [
    'ana@example.com／chidi@example.com｜petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
];

export const zeroWidth: readonly PasteCase[] = [
  ['ana@example.com\u200Bchidi@example.com', 'ana@example.com chidi@example.com'],
  [
    '\u200Eana@example.com\u200F, \u202Achidi@example.com\u202C',
    'ana@example.com chidi@example.com',
  ],
  [
    '\u2066ana@example.com\u2069; \u2068chidi@example.com\u2069',
    'ana@example.com chidi@example.com',
  ],
  ['ana\u2060@\u2060example.com', 'ana@example.com'],
  [
    'ana@example.com\u00A0chidi@example.com\u3000petra@example.org\u2028dana@example.org',
    'ana@example.com chidi@example.com petra@example.org dana@example.org',
  ],
  ['ana@example.com\u0000chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ana@example.com\u0007', 'ana@example.com'],
  ['Ana Reyes\u202F<\u200Bana@example.com\uFEFF>', 'ana@example.com'],
  ['ana@example.com\u200D', 'ana@example.com'],
  ['ana@example\u200B.\u200Bcom', 'ana@example.com'],
  [
    'ana@example.com\u2029chidi@example.com\u000Bpetra@example.org\u000Cdana@example.org\u0085eli@example.org',
    'ana@example.com chidi@example.com petra@example.org dana@example.org eli@example.org',
  ],
  [
    '\u200B\u200B\u200Bana@example.com,\u200Bchidi@example.com',
    'ana@example.com chidi@example.com',
  ],
  ['ana\u200B.reyes@example.com', 'ana.reyes@example.com'],
  ['\u061Cana@example.com\u061C', 'ana@example.com'],
  [
    'ana@example.com\u2003chidi@example.com\u2009petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
];

export const pictographs: readonly PasteCase[] = [
  ['📧 ana@example.com 📞 +1 202 555 0123', 'ana@example.com'],
  [
    'ana@example.com✅ chidi@example.com❌',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  [
    '👩\u200D💻ana@example.com👨\u200D👩\u200D👧chidi@example.com',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  ['➡\uFE0Fana@example.com⬅\uFE0F', 'ana@example.com', { review: 'ana@example.com' }],
  [
    '1\uFE0F\u20E3 ana@example.com 2\uFE0F\u20E3 chidi@example.com',
    'ana@example.com chidi@example.com',
  ],
  [
    'ana@example.com™ ana@example.org©',
    'ana@example.com ana@example.org',
    { review: 'ana@example.com ana@example.org' },
  ],
  ['👍🏽ana@example.com👍🏽', 'ana@example.com', { review: 'ana@example.com' }],
  ['★ana@example.com★', 'ana@example.com', { review: 'ana@example.com' }],
];

export const lookAlikes: readonly PasteCase[] = [
  ['𝗮𝗻𝗮@example.com', '𝗮𝗻𝗮@example.com', { review: '𝗮𝗻𝗮@example.com' }],
  ['ﬁona@example.com', 'ﬁona@example.com', { review: 'ﬁona@example.com' }],
  ['กำ@example.com', 'กำ@example.com'],
  [
    'p\u0430ypal.support@example.com',
    'p\u0430ypal.support@example.com',
    { review: 'p\u0430ypal.support@example.com' },
  ],
  ['αлna@example.com', 'αлna@example.com', { review: 'αлna@example.com' }],
];

export const rightToLeft: readonly PasteCase[] = [
  ['דוא"ל: ana@example.com.', 'ana@example.com'],
  [
    'البريد الإلكتروني: ana@example.com، chidi@example.com؛ petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['\u202Bana@example.com\u202C', 'ana@example.com'],
  ['\u202Dana@example.com\u202C', 'ana@example.com'],
  ['راسلنا على \u2066ana@example.com\u2069 الآن', 'ana@example.com'],
  ['רשימה: ana@example.com\u200F, chidi@example.com\u200F', 'ana@example.com chidi@example.com'],
];
