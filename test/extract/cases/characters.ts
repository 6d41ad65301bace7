import type { PasteCase } from '../paste-case.ts';

export const separators: readonly PasteCase[] = [
  [
    'ana@example.com, petr@example.org; yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'ana@example.com / petr@example.org | yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'ana@example.com，petr@example.org；yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'ana@example.com、petr@example.org、yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'ana@example.com، petr@example.org؛ yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['ana@example.com\u3000petr@example.org', 'ana@example.com petr@example.org'],
  [
    'ana@example.com and petr@example.org or yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'ana@example.com & petr@example.org + yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    '• ana@example.com\n• petr@example.org\n‣ yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    '①ana@example.com ②petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['See below…ana@example.com', 'ana@example.com'],
  ['– ana@example.com\n– petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.com——petr@example.org', 'ana@example.com petr@example.org'],
  [
    'ana@example.com → petr@example.org ⇒ yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'ana@example.com//petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['ana@example.com,,petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.com।petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.com۔ petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.com。petr@example.org', 'ana@example.com petr@example.org'],
  [
    'ana@example.com\u0085petr@example.org\u000Byuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
];

export const wrapping: readonly PasteCase[] = [
  ['(ana@example.com)', 'ana@example.com'],
  ['[ana@example.com], {petr@example.org}', 'ana@example.com petr@example.org'],
  ['“ana@example.com” and ‘petr@example.org’', 'ana@example.com petr@example.org'],
  ['«ana@example.com» „petr@example.org“', 'ana@example.com petr@example.org'],
  ['Write to ana@example.com.', 'ana@example.com'],
  ['Did you ask ana@example.com? Or petr@example.org!', 'ana@example.com petr@example.org'],
  ['ana@example.com...', 'ana@example.com'],
  ['ana@example.com…', 'ana@example.com'],
  [
    '...ana@example.com',
    '',
    { rejected: 'double-dot', ruling: 'Dots in front are part of the run: it is malformed' },
  ],
  ['…ana@example.com', 'ana@example.com'],
  [
    'ana@example.com-',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A trailing hyphen is punctuation' },
  ],
  [
    'ana@example.com_',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A trailing underscore is punctuation' },
  ],
  [
    'ana@example.com--petr',
    '',
    { rejected: 'unknown-tld', ruling: 'The run as a whole is no address; no piece of it is' },
  ],
  ['=ana@example.com=', 'ana@example.com', { review: 'ana@example.com' }],
  ['|ana@example.com|', 'ana@example.com'],
  ['/ana@example.com/', 'ana@example.com'],
  ['"ana@example.com",', 'ana@example.com'],
  ['(mail: ana@example.com).', 'ana@example.com'],
  ['<<ana@example.com>>', 'ana@example.com'],
  ['((ana@example.com))', 'ana@example.com'],
  ['"<ana@example.com>"', 'ana@example.com'],
  ['!ana@example.com!', 'ana@example.com', { review: 'ana@example.com' }],
  [
    '$ana@example.com',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'A lead character goes' },
  ],
  ['^ana@example.com^', 'ana@example.com', { review: 'ana@example.com' }],
  ['ana@example.com)petr@example.org', 'ana@example.com petr@example.org'],
  ['「ana@example.com」『petr@example.org』', 'ana@example.com petr@example.org'],
  ['（ana@example.com）', 'ana@example.com'],
  ['＜ana@example.com＞', 'ana@example.com'],
  ['¿ana@example.com? ¡petr@example.org!', 'ana@example.com petr@example.org'],
];

export const apostrophe: readonly PasteCase[] = [
  ["nora.o'brien@example.com", "nora.o'brien@example.com"],
  ["'ana@example.com'", 'ana@example.com'],
  ["d'angelo@example.com, o'neil@example.org", "d'angelo@example.com o'neil@example.org"],
  ["ana@example.com's account", 'ana@example.com'],
  ['ana@example.com’s account', 'ana@example.com'],

  ['"o\'brien@example.com"', "o'brien@example.com"],
  ["email='o'brien@example.com'", "o'brien@example.com"],
  ["''ana@example.com''", 'ana@example.com'],
  [
    'o’brien@example.com',
    '',
    {
      rejected: 'bad-char',
      ruling: 'A typographic apostrophe inside cannot be told from a wrapper: refused whole',
    },
  ],
];

export const invisible: readonly PasteCase[] = [
  ['\u200Bana@example.com\u200B', 'ana@example.com'],
  ['\uFEFFana@example.com', 'ana@example.com'],
  ['ana@example.com\u200E, petr@example.org\u200F', 'ana@example.com petr@example.org'],
  ['\u202Aana@example.com\u202C', 'ana@example.com'],
  ['\u2066ana@example.com\u2069', 'ana@example.com'],
  ['\u2068ana@example.com\u2069; \u2068petr@example.org\u2069', 'ana@example.com petr@example.org'],
  ['\u2060ana@example.com\u2060', 'ana@example.com'],
  [
    'ana\u00AD@example.com',
    'ana@example.com',
    { ruling: 'Invisible characters inside are stripped' },
  ],
  [
    'ana@exam\u00ADple.com',
    'ana@example.com',
    { ruling: 'Invisible characters inside are stripped' },
  ],
  [
    'an\u200Ba@example.com',
    'ana@example.com',
    { ruling: 'Invisible characters inside are stripped' },
  ],
  [
    'ana\u200B@\u200Bexample.com',
    'ana@example.com',
    { ruling: 'Invisible characters inside are stripped' },
  ],
  [
    'ana@example\u200B.com',
    'ana@example.com',
    { ruling: 'Invisible characters inside are stripped' },
  ],
  [
    'ana@example.com\uFEFFpetr@example.org',
    'ana@example.com petr@example.org',
    { ruling: 'Between two complete addresses it separates' },
  ],
  ['ana@example.com\u200B,\u200Bpetr@example.org', 'ana@example.com petr@example.org'],
  ['Ana\u00A0<ana@example.com>\u00A0', 'ana@example.com'],
  ['\u00A0ana@example.com\u202F', 'ana@example.com'],
  ['\u200D\u200Cana@example.com\u200C', 'ana@example.com'],
  ['ana@example.com\u0000petr@example.org', 'ana@example.com petr@example.org'],
  ['\u0001ana@example.com\u001F', 'ana@example.com'],
  ['\u061Cana@example.com', 'ana@example.com'],
  ['ana@example.com\u{E0041}', 'ana@example.com'],
  ['\u180Eana@example.com', 'ana@example.com'],
  [
    'ana\u200B\u200B\u200B.reyes@example.com',
    'ana.reyes@example.com',
    { ruling: 'Invisible characters inside are stripped' },
  ],
  ['ana@example.com\u00AD-', 'ana@example.com'],
];

export const bidi: readonly PasteCase[] = [
  [
    'ana@\u202Eelpmaxe.com',
    '',
    {
      rejected: 'bidi-override',
      ruling: 'Leading inside the domain: the eye reads another domain',
    },
  ],
  ['\u202Eana@example.com\u202C', 'ana@example.com'],
  ['אנה: ana@example.com', 'ana@example.com'],
  ['البريد: ana@example.com، petr@example.org', 'ana@example.com petr@example.org'],
  ['\u200Fana@example.com\u200F', 'ana@example.com'],
  ['\u2067ana@example.com\u2069', 'ana@example.com'],
  ['an\u2066a\u2069@example.com', '', { rejected: 'bidi-override' }],
  ['\u202Bana@example.com\u202C, \u202Bpetr@example.org\u202C', 'ana@example.com petr@example.org'],
];

export const fullWidth: readonly PasteCase[] = [
  ['ana＠example.com', 'ana@example.com', { ruling: 'Width is folded: input methods produce it' }],
  ['ａｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'ana@example.com', { ruling: 'Width is folded' }],
  ['ana@example．com', 'ana@example.com', { ruling: 'Width is folded' }],
  ['ana﹫example.com', 'ana@example.com', { ruling: 'Width is folded' }],
  ['邮箱：ana＠example.com；', 'ana@example.com', { ruling: 'Width is folded' }],
  ['ＡＮＡ@example.com', 'ANA@example.com', { ruling: 'Width is folded' }],
  ['ana@example。com', 'ana@example.com', { ruling: 'U+3002 before text like com is a dot' }],
  ['ana@example.com。', 'ana@example.com'],
  ['（ana＠example.com）', 'ana@example.com', { ruling: 'Width is folded' }],
  ['ana＋news@example.com', 'ana+news@example.com', { ruling: 'Width is folded' }],
  ['ana@example.com＋petr@example.org', '', { rejected: 'double-at', ruling: 'As with `+`' }],
];

export const emoji: readonly PasteCase[] = [
  ['📧ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  [
    'ana@example.com🎉petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['👉 ana@example.com 👈', 'ana@example.com'],
  ['❤️ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  [
    '1️⃣ana@example.com 2️⃣petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['👩‍💻ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  ['✉️ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  ['ana@example.com✅', 'ana@example.com', { review: 'ana@example.com' }],
  ['🇩🇪ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  [
    'ana😀@example.com',
    '',
    { rejected: 'bad-char', ruling: 'An emoji directly before the at sign: the front is unknown' },
  ],
  ['☎︎ 202-555-0123 ✉︎ ana@example.com', 'ana@example.com'],
  ['👍🏽ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
];

export const entities: readonly PasteCase[] = [
  ['&lt;ana@example.com&gt;', 'ana@example.com'],
  [
    'ana@example.com&amp;petr@example.org',
    'ana@example.com petr@example.org',
    { ruling: 'An escaped ampersand after a complete address separates' },
  ],
  ['ana&#64;example.com', '', { rejected: 'entity-encoded' }],
  ['ana&commat;example.com', '', { rejected: 'entity-encoded' }],
  ['ana&#x40;example&#x2e;com', '', { rejected: 'entity-encoded' }],
  ['&quot;Ana&quot; &lt;ana@example.com&gt;', 'ana@example.com'],
  ['ana@example.com&nbsp;petr@example.org', 'ana@example.com petr@example.org'],
  ['o&#39;brien@example.com', '', { rejected: 'entity-encoded' }],
  ['r&amp;d@example.com', '', { rejected: 'entity-encoded' }],
  ['&#8203;ana@example.com', 'ana@example.com'],
  ['&bull; ana@example.com<br>&bull; petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.com&#13;&#10;petr@example.org', 'ana@example.com petr@example.org'],
  ['&ldquo;ana@example.com&rdquo;', 'ana@example.com'],
  ['&#x3C;ana@example.com&#x3E;', 'ana@example.com'],
];

export const percentEncoding: readonly PasteCase[] = [
  ['%20ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  ['to=%3Cana@example.com%3E', 'ana@example.com', { review: 'ana@example.com' }],
  ['ana%40example.com', '', { rejected: 'entity-encoded' }],
  ['%22Ana%22%20%3Cana@example.com%3E', 'ana@example.com', { review: 'ana@example.com' }],
  [
    'ana%2Bnews@example.com',
    'ana%2Bnews@example.com',
    { review: 'ana%2Bnews@example.com', ruling: 'Outside mailto nothing is decoded' },
  ],
  [
    'email=ana@example.com%2Cpetr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  [
    'user=ana%40example.com&cc=petr@example.org',
    'petr@example.org',
    { rejected: 'entity-encoded' },
  ],
  [
    'email=3Dana@example.com',
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'Quoted-printable writes = as =3D' },
  ],
];
