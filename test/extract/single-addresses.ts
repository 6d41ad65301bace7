import type { AddressReason } from 'org-user-manager/extract';

const ext = 'example.com';

/** Texts that are one address. */
export const goodAddresses: readonly string[] = [
  ...['a', 'ana', 'ana.reyes', 'ana+news', 'a.b.c.d', 'ana_reyes', 'ana-reyes', '1', '123456'],
  ...[
    "o'hara",
    'r&d',
    'a!b',
    'a#b',
    'a$b',
    'a%b',
    'a*b',
    'a/b',
    'a=b',
    'a?b',
    'a^b',
    'a`b',
    'a{b}',
  ],
  ...['a|b', 'a~b', '_', '-', '+', '~', '!', 'ana-', '-ana', 'ana_', '_ana_', 'ANA', 'AnA', '0xff'],
  ...['__proto__', 'constructor', 'toString', 'x'.repeat(64), `${'a.'.repeat(31)}ab`],
  ...['müller', 'josé', 'jose\u0301', 'иван', 'δοκιμή', '用户', 'علي', 'अजय', 'ไอลดา', 'דנה', 'ñ'],
  ...['o\u2c61', 'straße', 'ａｎａ', 'é'.repeat(32), '한국', 'さくら', 'カナ', 'łukasz', 'þór'],
]
  .map((localPart) => `${localPart}@${ext}`)
  .concat([
    'ana@example.org',
    'ana@EXAMPLE.com',
    'ana@a.b.c.d.example.com',
    'ana@1.example.com',
    'ana@123.example.com',
    'ana@1-2.example.com',
    'ana@a--b.example.com',
    'ana@example.co.uk',
    'ana@example.photography',
    'ana@example.museum',
    'ana@müller.example.com',
    'ana@xn--mller-kva.example.com',
    'ana@XN--MLLER-KVA.example.com',
    'ana@例え.example.com',
    'ana@пример.example.com',
    'ana@faß.example.com',
    'ana@example.рф',
    'ana@example.xn--p1ai',
    'ana@example.中国',
    'ana＠example.com',
    'ana@example。com',
    'ana@example．com',
    `ana@${'a'.repeat(63)}.com`,
    `ana@${`${'a'.repeat(49)}.`.repeat(4)}${'b'.repeat(45)}.com`,
    '用户@例え.example.com',
  ]);

const bad = (reason: AddressReason, addresses: readonly string[]) =>
  addresses.map((address) => [address, reason] as const);

/** Texts that are none, and why. */
export const badAddresses: readonly (readonly [text: string, reason: AddressReason])[] = [
  ...bad('no-domain', ['', 'ana', 'example.com', 'ana.example.com', 'ana@', 'ana at example.com']),
  ...bad('handle', ['@', '@example.com', '@ana']),
  ...bad('leading-dot', ['.ana@example.com', 'ana@.example.com', '.@example.com']),
  ...bad('trailing-dot', ['ana.@example.com', 'ana@example.com.']),
  ...bad('double-dot', ['a..b@example.com', 'ana@example..com', 'a...b@example.com']),
  ...bad('double-at', ['a@b@example.com', 'ana@@example.com', 'ana@example.com@example.org']),
  ...bad('double-at', ['ana@example.com,petr@example.org', 'ana@example.com;petr@example.org']),
  ...bad('local-too-long', ['x'.repeat(65), 'é'.repeat(33), '用'.repeat(22)].map(atExample)),
  ...bad('label-too-long', [`ana@${'a'.repeat(64)}.com`]),
  ...bad('too-long', [`ana@${'abcdefgh.'.repeat(30)}com`]),
  ...bad('too-long', [`${'x'.repeat(64)}@${`${'a'.repeat(49)}.`.repeat(3)}${'b'.repeat(45)}.com`]),
  ...bad('no-tld', ['ana@localhost', 'ana@example', 'root@server1', 'ana@com']),
  ...bad('unknown-tld', ['ana@example.comm', 'ana@example.con', 'logo@2x.png', 'ana@example.c']),
  ...bad('unknown-tld', ['ana@example.local', 'ana@example.internal', 'ana@example.test']),
  ...bad('unknown-tld', ['ana@example.invalid', 'ana@example.example', 'ana@example.goo']),
  ...bad('numeric-tld', ['ana@example.123', 'ana@1.2.3', 'react@18.2.0']),
  ...bad('ip-literal', ['ana@192.0.2.1', 'ana@[192.0.2.1]', 'ana@[IPv6:2001:db8::1]', 'ana@[::1]']),
  ...bad('bad-label', ['ana@-example.com', 'ana@example-.com', 'ana@a-.example.com']),
  ...bad('bad-label', [
    'ana@ex_ample.com',
    'ana@exam ple.com',
    'ana@example.com ',
    'ana@exam!ple.com',
  ]),
  ...bad('bad-label', ['ana@example.com\n', 'ana@example.com\0', 'ana@example.com\u200B']),
  ...bad('bad-label', ['ana@ex\u200Bample.com', 'ana@ex\u202Eample.com', 'ana@exam\uD800ple.com']),
  ...bad('bad-label', ['ana@xn--zzzzzzz9999.example.com', 'ana@xn--.example.com']),
  ...bad('bad-label', ['ana@xn--ana-.example.com', 'ana@xn--a.example.com']),
  ...bad('bad-label', [
    'ana@ﬁrma.example.com',
    'ana@①.example.com',
    'ana@example.com>',
    'ana@(x)example.com',
  ]),
  ...bad(
    'quoted-local',
    ['"ana"', '"ana reyes"', '"a@b"', '"\r\n"', '"\u0007"', '"ana'].map(atExample),
  ),
  ...bad(
    'bad-char',
    [' ana', 'ana\u0000', 'a\nb', 'a\tb', 'a b', 'a\u00A0b', 'a\u3000b'].map(atExample),
  ),
  ...bad(
    'bad-char',
    ['a,b', 'a;b', 'a:b', 'a<b', '<ana', 'a(b)', 'a[b]', 'a\\b', 'a"b'].map(atExample),
  ),
  ...bad('bad-char', ['a\u200Bb', '\uFEFFana', 'a\u200Db', 'a\u00ADb', 'a\u202Eb'].map(atExample)),
  ...bad('bad-char', ['a\u2066b', 'a\u200Eb', 'a\uD800b', '\uDC00a', 'a\uFFFDb'].map(atExample)),
  ...bad('bad-char', ['a\uE000b', 'a\u3164b', '\u0301a', 'a\u2028b', 'a😀b', 'a’b'].map(atExample)),
  ...bad(
    'bad-char',
    ['ana(comment)', 'Ana <ana', 'a\u0085b', 'a\u007Fb', 'a\u001Bb'].map(atExample),
  ),
  ...bad('masked', ['e***', 'e*****s', '***e'].map(atExample)),
  ...bad('space-around-at', ['ana @example.com', 'ana@ example.com', 'ana @ example.com']),
];

function atExample(localPart: string): string {
  return `${localPart}@${ext}`;
}
