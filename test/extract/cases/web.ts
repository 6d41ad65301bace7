import type { PasteCase } from '../paste-case.ts';

export const chatExports: readonly PasteCase[] = [
  [
    '[03.03.26, 09:14:22] Ana: my mail is ana@example.com\n[03.03.26, 09:15:01] ~Petr: petr@example.org 👍',
    'ana@example.com petr@example.org',
  ],
  [
    'Ana Reyes  9:14 AM\n@Petr can you add yuki@example.net?\n:+1: 2',
    'yuki@example.net',
    { rejected: 'handle' },
  ],
  [
    '<@U024BE7LH> please invite <mailto:ana@example.com|ana@example.com> and <mailto:petr@example.org|Petr>',
    'ana@example.com petr@example.org',
    { rejected: 'handle' },
  ],
  ['Ana Reyes\n‎ana@example.com\n‎Petr\n‎petr@example.org', 'ana@example.com petr@example.org'],
  ['@here @channel ana@example.com joined', 'ana@example.com', { rejected: 'handle handle' }],
  [
    'Follow me @ana@social.example.com or mail ana@example.com',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    '@ana:matrix.example.com is my handle, ana@example.com my mail',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  ['xmpp:ana@chat.example.com / ana@example.com', 'ana@example.com', { rejected: 'identifier' }],
  [
    'teams: https://teams.example.com/l/chat/0/0?users=ana@example.com,petr@example.org',
    'ana@example.com petr@example.org',
  ],
  ['hey!!! ana@example.com???!!! ok...', 'ana@example.com'],
  [
    'add ana@example.com,petr@example.org,yuki@example.net plz :)',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['(ana@example.com;)', 'ana@example.com'],
  ['ana@example.com;)', 'ana@example.com'],
  [
    'ana@example.com=>petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com' },
  ],
  [
    'ana@example.com->petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com' },
  ],
  [
    'ana@example.com\\petr@example.org',
    'ana@example.com petr@example.org',
    {
      review: 'ana@example.com petr@example.org',
      ruling: 'A backslash behind a complete address separates',
    },
  ],
  ['#team-leads: ana@example.com', 'ana@example.com'],
  ['>ana@example.com<', 'ana@example.com'],
  ['||ana@example.com||', 'ana@example.com'],
  ['```\nana@example.com\npetr@example.org\n```', 'ana@example.com petr@example.org'],
  [
    '~~ana@example.com~~ petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com' },
  ],
];

export const webPages: readonly PasteCase[] = [
  [
    '<a class="m" href="mailto:ana@example.com?subject=Hi%20there&amp;cc=petr@example.org">Write</a>',
    'ana@example.com petr@example.org',
  ],
  [
    '<li data-email="ana@example.com">Ana</li><li data-email=\'petr@example.org\'>Petr</li>',
    'ana@example.com petr@example.org',
  ],
  [
    '<span>ana</span>@<span>example.com</span>',
    '',
    { ruling: 'Nothing is joined across tags; the sign is a word of its own' },
  ],
  ['<!-- ana@example.com --><p>petr@example.org</p>', 'ana@example.com petr@example.org'],
  [
    '&lt;ana@example.com&gt;&#44; &quot;Petr&quot; &lt;petr@example.org&gt;',
    'ana@example.com petr@example.org',
  ],
  ['ana&#x40;example.com', '', { rejected: 'entity-encoded' }],
  ['&#97;&#110;&#97;&#64;example.com', '', { rejected: 'entity-encoded' }],
  [
    '<link rel="stylesheet" href="https://cdn.example.com/npm/pkg@4.1.3/dist/x.css">',
    '',
    { rejected: 'identifier' },
  ],
  ['src="logo@2x.png" srcset="logo@3x.webp 3x"', '', { rejected: 'unknown-tld unknown-tld' }],
  ['@media print { a { color: red } } @import url(x.css);', '', { rejected: 'handle handle' }],
  ['https://www.example.com/@ana/posts/12', '', { rejected: 'handle' }],
  ['https://maps.example.com/@52.52,13.40,12z', '', { rejected: 'identifier' }],
  ['https://example.com/u/ana@example.com/edit', 'ana@example.com', { review: 'ana@example.com' }],
  ['https://example.com/login?user=ana%40example.com', '', { rejected: 'entity-encoded' }],
  [
    'https://ana:pa55@example.com/x?to=petr@example.org',
    'petr@example.org',
    { rejected: 'userinfo-url' },
  ],
  ['redis://:p4ss@cache.example.com:6379/0', '', { rejected: 'userinfo-url' }],
  ['amqps://svc:a%40b@mq.example.com/vhost', '', { rejected: 'userinfo-url' }],
  [
    'mongodb+srv://app:s3cret@cluster0.example.net/db?retryWrites=true',
    '',
    { rejected: 'userinfo-url' },
  ],
  ['ftp://anonymous:ana@example.com@ftp.example.org/pub', '', { rejected: 'userinfo-url' }],
  ['smtp://ana%40example.com:pw@smtp.example.com:587', '', { rejected: 'userinfo-url' }],
  [
    'DATABASE_URL=postgresql://u:p@db.example.com/app ADMIN=ana@example.com',
    'ana@example.com',
    { rejected: 'userinfo-url' },
  ],
  [
    '[Ana](mailto:ana@example.com "write") · <petr@example.org>',
    'ana@example.com petr@example.org',
  ],
  [
    '![avatar](https://img.example.com/ana@2x.jpg) ana@example.com',
    'ana@example.com',
    { rejected: 'unknown-tld' },
  ],
  ['mailto:ana@example.com;petr@example.org?subject=x', 'ana@example.com petr@example.org'],
  ['mailto:%22Ana%20Reyes%22%20%3Cana@example.com%3E', 'ana@example.com'],
  ['MAILTO:ANA@EXAMPLE.COM', 'ANA@example.com'],
];

export const languages: readonly PasteCase[] = [
  [
    'Скиньте доступ: ana@example.com, petr@example.org. Спасибо!',
    'ana@example.com petr@example.org',
  ],
  ['почта:ana@example.com;тел:+7 900 000-00-00', 'ana@example.com'],
  ['يرجى إضافة ana@example.com، petr@example.org؛ شكرا', 'ana@example.com petr@example.org'],
  ['דוא"ל: ana@example.com', 'ana@example.com'],
  ['邮箱：ana@example.com，电话：13800000000', 'ana@example.com'],
  [
    '邮箱ana@example.com，抄送petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['メール：ana@example.com／電話：03-0000-0000', 'ana@example.com'],
  ['「ana@example.com」宛に送信', 'ana@example.com'],
  ['이메일: ana@example.com, petr@example.org 입니다', 'ana@example.com petr@example.org'],
  ['이메일은 ana@example.com입니다', 'ana@example.com', { review: 'ana@example.com' }],
  ['E-posta: ana@example.com · Tel: 0212 000 00 00', 'ana@example.com'],
  [
    'Adressen: müller@example.com, jörg.weiß@example.org',
    'müller@example.com jörg.weiß@example.org',
  ],
  ['Señora Peña <peña@example.com>', 'peña@example.com'],
  ['łukasz@example.com żaneta@example.org', 'łukasz@example.com żaneta@example.org'],
  ['अना@example.com', 'अना@example.com'],
  ['ana@пример.example.org', 'ana@пример.example.org'],
  [
    'ana@example。com和petr@example。org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['Liên hệ: ana@example.com – ĐT: 090 000 0000', 'ana@example.com'],
  ['ส่งอีเมลไปที่ ana@example.com หรือ petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.comに送ってください', 'ana@example.com', { review: 'ana@example.com' }],
];

export const slips: readonly PasteCase[] = [
  ['ana@.com', '', { rejected: 'leading-dot' }],
  ['ana@example.co.', 'ana@example.co'],
  ['ana@example .com', '', { rejected: 'no-tld' }],
  ['ana @example.com', '', { rejected: 'space-around-at' }],
  ['ana@ example.com', '', { rejected: 'space-around-at' }],
  ['ana@@example.com, petr@example.org', 'petr@example.org', { rejected: 'double-at' }],
  ['ana@example.com@', '', { rejected: 'double-at' }],
  ['@ana@example.com', '', { rejected: 'handle' }],
  ['ana@example_site.com', '', { rejected: 'bad-label' }],
  ['ana@-.com', '', { rejected: 'bad-label' }],
  ['ana@exam ple.com', '', { rejected: 'no-tld' }],
  [
    'ana.@example.com .ana@example.com a..b@example.com',
    '',
    { rejected: 'trailing-dot leading-dot double-dot' },
  ],
  ['ana@example.com.com', 'ana@example.com.com'],
  ['www.ana@example.com', 'www.ana@example.com'],
  ['http://ana@example.com', '', { rejected: 'userinfo-url' }],
  ['ana(at)example.com petr[at]example.org yuki AT example DOT net', ''],
  ['ana@example.com,petr@example.org.', 'ana@example.com petr@example.org'],
  ['ana@example.com/', 'ana@example.com'],
  ['ana@example.com?', 'ana@example.com'],
  ['ana@example.com#top', 'ana@example.com', { review: 'ana@example.com' }],
  [
    'ana@example.com&petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['ana@example.com+petr@example.org', '', { rejected: 'double-at' }],
  ['ana@example.com_petr@example.org', '', { rejected: 'double-at' }],
  ['ana@example.com-petr@example.org', '', { rejected: 'double-at' }],
  ['ana@example.com\u2019s list', 'ana@example.com'],
  [
    'ana@example.com\u00B7petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com' },
  ],
];
