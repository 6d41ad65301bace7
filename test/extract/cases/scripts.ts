import type { PasteCase } from '../paste-case.ts';

const cut = 'Cut only where a script without spaces changes to ASCII, and shown for review';
const whole = 'Letters of other scripts may be part of the address; never a piece';

export const cjk: readonly PasteCase[] = [
  ['请联系 ana@example.com。', 'ana@example.com'],
  ['邮箱：ana@example.com，电话：010-12345678', 'ana@example.com'],
  ['メールはana@example.comまで', 'ana@example.com', { review: 'ana@example.com', ruling: cut }],
  ['お問い合わせ：ana@example.com（営業部）', 'ana@example.com'],
  ['문의: ana@example.com, petr@example.org', 'ana@example.com petr@example.org'],
  ['문의는ana@example.com으로', 'ana@example.com', { review: 'ana@example.com', ruling: cut }],
  ['ติดต่อ ana@example.com ครับ', 'ana@example.com'],
  ['ติดต่อana@example.comครับ', 'ana@example.com', { review: 'ana@example.com', ruling: cut }],
  ['张三<zhang@example.com>；李四<li@example.org>', 'zhang@example.com li@example.org'],
  [
    '山田太郎（yamada@example.com）、鈴木（suzuki@example.org）',
    'yamada@example.com suzuki@example.org',
  ],
  [
    '发给zhang@example.com和li@example.org',
    'zhang@example.com li@example.org',
    { review: 'zhang@example.com li@example.org', ruling: cut },
  ],
  ['jeff葉@example.com', 'jeff葉@example.com', { ruling: whole }],
  ['「ana@example.com」までご連絡ください。', 'ana@example.com'],
  ['ana@example.com様', 'ana@example.com', { review: 'ana@example.com', ruling: cut }],
  ['收件人：ana@example.com；抄送：petr@example.org。', 'ana@example.com petr@example.org'],
  ['ana@example.com\u3001petr@example.org\u3002以上', 'ana@example.com petr@example.org'],
  ['用户@example.com', '用户@example.com'],
  ['電子メール・ana@example.com', 'ana@example.com'],
  ['【ana@example.com】《petr@example.org》', 'ana@example.com petr@example.org'],
];

export const eai: readonly PasteCase[] = [
  ['müller@example.com', 'müller@example.com'],
  ['josé.garcía@example.com', 'josé.garcía@example.com'],
  ['jose\u0301@example.com', 'josé@example.com'],
  ['иван@example.com', 'иван@example.com'],
  ['Иван Петров <иван.петров@example.com>', 'иван.петров@example.com'],
  ['δοκιμή@example.com', 'δοκιμή@example.com'],
  ['علي@example.com', 'علي@example.com'],
  ['अजय@example.com', 'अजय@example.com'],
  ['用户@例え.example.com', '用户@例え.example.com'],
  [
    'søren@example.com, åsa@example.org; łukasz@example.net',
    'søren@example.com åsa@example.org łukasz@example.net',
  ],
  ['"Jürgen" <jürgen+news@example.com>', 'jürgen+news@example.com'],
  ['françois.müller@example.com.', 'françois.müller@example.com'],
  ['ñandú@example.com / ñ@example.org', 'ñandú@example.com ñ@example.org'],
  ['mailto:müller@example.com', 'müller@example.com'],
  ['email=müller@example.com', 'müller@example.com'],
  ['ไอลดา@example.com', 'ไอลดา@example.com'],
  ['דנה@example.com', 'דנה@example.com'],
  ["o'connór@example.com", "o'connór@example.com"],
  ['İpek@example.com', 'İpek@example.com'],
  ['straße@example.com', 'straße@example.com'],
  ['२@example.com', '२@example.com'],
  ['Zoë <zoë@example.com>; zoë@example.com', 'zoë@example.com'],
];

export const idn: readonly PasteCase[] = [
  ['ana@müller.example.com', 'ana@müller.example.com'],
  ['ana@xn--mller-kva.example.com', 'ana@xn--mller-kva.example.com'],
  ['ana@MÜLLER.example.com, ana@müller.example.com', 'ana@müller.example.com'],
  ['ana@xn--mller-kva.example.com; ana@müller.example.com', 'ana@xn--mller-kva.example.com'],
  ['ana@例え.example.com', 'ana@例え.example.com'],
  ['ana@пример.example.com', 'ana@пример.example.com'],
  ['ana@büro.example.com.', 'ana@büro.example.com'],
  ['<ana@bücher.example.org>', 'ana@bücher.example.org'],
  ['ana@XN--MLLER-KVA.example.com', 'ana@müller.example.com'],
  ['ana@faß.example.com', 'ana@faß.example.com'],
  ['ana@βόλος.example.com', 'ana@βόλος.example.com'],
  ['ana@例え.テスト', '', { rejected: 'unknown-tld' }],
  [
    'ana@xn--zzzzzzz9999.example.com',
    '',
    { rejected: 'bad-label', ruling: 'An A-label that decodes to nothing is no domain' },
  ],
  ['ana@xn--.example.com', '', { rejected: 'bad-label' }],
  [
    'ana@ab--cd.example.com',
    'ana@ab--cd.example.com',
    { ruling: 'Reserved by RFC 5891, but such hosts exist' },
  ],
  ['ana@-bücher.example.com', '', { rejected: 'bad-label' }],
  ['ana@bü_cher.example.com', '', { rejected: 'bad-label' }],
  [
    'ana@ﬁrma.example.com',
    '',
    { rejected: 'bad-label', ruling: 'The mapping changes more than case, width and composition' },
  ],
  ['ana@bu\u0308cher.example.com', 'ana@bücher.example.com'],
  ['ana@مثال.example.com', 'ana@مثال.example.com'],
  ['ana@उदाहरण.example.com', 'ana@उदाहरण.example.com'],
  ['иван@пример.example.com', 'иван@пример.example.com'],
];

export const spoofing: readonly PasteCase[] = [
  [
    'ana@ex\u0430mple.com',
    'ana@ex\u0430mple.com',
    { review: 'ana@ex\u0430mple.com', ruling: 'Returned whole, not preselected' },
  ],
  [
    'ana@xn--exmple-4nf.com',
    'ana@xn--exmple-4nf.com',
    { review: 'ana@xn--exmple-4nf.com', ruling: 'The same domain in its A-label form' },
  ],
  [
    'p\u03BFst@example.com',
    'p\u03BFst@example.com',
    { review: 'p\u03BFst@example.com', ruling: 'Returned whole, not preselected' },
  ],
  [
    'ceo@example.com <mallory@example.net>',
    'mallory@example.net',
    { rejected: 'display-name-address', ruling: 'The angle address is the recipient' },
  ],
  [
    '"The CEO ceo@example.com" <mallory@example.net>; ana@example.com',
    'mallory@example.net ana@example.com',
    { rejected: 'display-name-address', ruling: 'The angle address is the recipient' },
  ],
  [
    "'ceo@example.com' <mallory@example.net>",
    'mallory@example.net',
    { rejected: 'display-name-address', ruling: 'The angle address is the recipient' },
  ],
  ['ceo@example.com <ceo@example.com>', 'ceo@example.com'],
  ['"Ana (ana@example.com)" <ana@example.com>', 'ana@example.com'],
  ['ana@example.com\n<petr@example.org>', 'ana@example.com petr@example.org'],
  ['ana@example.com, <petr@example.org>', 'ana@example.com petr@example.org'],
  [
    '"ana@example.com, petr@example.org" <mallory@example.net>',
    'mallory@example.net',
    {
      rejected: 'display-name-address display-name-address',
      ruling: 'The angle address is the recipient',
    },
  ],
  ['ana@example.com (petr@example.org)', 'ana@example.com petr@example.org'],
  [
    'Ana via ana@example.com <list@example.org>',
    'list@example.org',
    { rejected: 'display-name-address', ruling: 'The angle address is the recipient' },
  ],
];
