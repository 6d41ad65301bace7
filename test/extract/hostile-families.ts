/** A kind of text that is meant to take long. */
export interface HostileFamily {
  readonly name: string;
  readonly text: (length: number) => string;
}

const units = [
  ...['a', 'a.', 'a@', '@', '"@', '"', '<a@b.cc ', '"<a@', 'a <a@b.cc>', '&#64;', '&#64;a', '%40'],
  ...['&commat;a', '://', 'http://a:@', 'http://a@b.cc ', 'x/', '+', 'a@b.cc+a', '。b', 'é', 'é@'],
  ...[
    'ü.',
    'comま.',
    '\u200B',
    'a@b.cc\u200B',
    'a\u200B',
    'a@ü.de ',
    '(',
    '*',
    "'",
    '_',
    '=',
    'a=',
  ],
  ...['&a=', 'a-.', 'a@b.cc:a', 'a@b.cc:a/', '\\n@', '\\na@b.cc', '•', '•@', ' @', 'a @ b.cc '],
  ...['@a/', 'a_@', '-', 'a@b.cc-', '\u{20000}', '\uD800', '%', '@a。b', 'a,', ' ', '\n', '\t'],
  ...['References: <a@b.cc> ', '<a@b.cc>,', 'mailto:a@b.cc,', 'mailto:', '{', '}', '|', '?a='],
  ...['[@', 'a@[', '😀', '😀a@b.cc', '\u001B[0ma@b.cc', ';a@b.cc', '&amp;a@b.cc'],
  ...['"a@b.cc" <c@d.cc>, ', 'a@xn--mller-kva.example.com ', 'a@b.cc和a@b.cc', '%3Ca@b.cc'],
  ...['a%20', 'http://a@b.cc:', 'UID:a@b.cc\n', 'a@b.cc\n', 'a@b.cc,', `${'a'.repeat(64)}@`],
  ...[
    '葉a@b.cc',
    '\u202Ea@b.cc',
    'a@\u202Eb.cc ',
    'a@b.cc。',
    '&amp;a=a@b.cc',
    ':a@b.cc',
    '\\u003c',
  ],
  ...['a\n a@b.cc', 'EMAIL:a\n a@', 'a;\n a@b.cc;', 'a@b.cc\n a ', ' a\r\n\ta@b.cc,a', '\n ;a'],
  ...[
    'C:\\n@',
    'C:\\na@b.cc ',
    '\\\\a\\n@',
    '\\\\a\\na@b.cc,',
    '·',
    'a·',
    'a··a@b.cc ',
    'a/a@b.cc:22/',
  ],
  ...['&lt;a@b.cc', '<a/a@b.cc', 'a</b>a@b.cc', 'a@b.cc<b>', 'a=a.cc@b.cc ', '¹a@b.cc¹'],
  `${'\n'.repeat(50)}a@b.cc`,
  // Domains of one length that are alike up to their ends.
  Array.from('abcdefgh', (letter) => `a@${'x.'.repeat(60)}${letter}.cc,`).join(''),
];

const frames: readonly (readonly [open: string, close: string])[] = [
  ['', ''],
  ['', '@example.com'],
  ['', 'a@example.com'],
  ['a@', ''],
  ['a@example.com', '@example.com'],
  ['mailto:', 'a@example.com'],
  ['"', '" <a@example.com>'],
  [`${'a'.repeat(64)}@`, ''],
];

const frameText =
  ([open, close]: readonly [string, string], unit: string) =>
  (length: number) =>
    `${open}${unit.repeat(Math.ceil(length / unit.length))}${close}`;

/** Every unit repeated, bare. */
export const hostileFamilies: readonly HostileFamily[] = units.map((unit) => ({
  name: JSON.stringify(unit),
  text: frameText(['', ''], unit),
}));

/** Every unit repeated in every frame. */
export const framedFamilies: readonly HostileFamily[] = units.flatMap((unit) =>
  frames.map((frame) => ({
    name: JSON.stringify(frame.join(`${unit}…`)),
    text: frameText(frame, unit),
  })),
);
