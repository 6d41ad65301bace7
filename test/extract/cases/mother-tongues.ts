import type { PasteCase } from '../paste-case.ts';

export const eastAsian: readonly PasteCase[] = [
  [
    '１．ana@example.com\n１２．petr@example.org',
    'ana@example.com petr@example.org',
    { review: 'ana@example.com petr@example.org' },
  ],
  ['１．２@example.com', '1.2@example.com'],
  [
    '联系人：ana@example.com，chidi@example.com；petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['メールはana@example.comまでお願いします', 'ana@example.com', { review: 'ana@example.com' }],
  ['メール：ana@example.com、chidi@example.com', 'ana@example.com chidi@example.com'],
  ['「ana@example.com」と『chidi@example.com』を追加', 'ana@example.com chidi@example.com'],
  ['문의는 ana@example.com으로 보내주세요', 'ana@example.com', { review: 'ana@example.com' }],
  [
    '담당자:김민수(minsu.kim@example.com),이지은(jieun@example.com)',
    'minsu.kim@example.com jieun@example.com',
  ],
  ['邮箱：【ana@example.com】', 'ana@example.com'],
  ['【连络先】ana@example.com【電話】03-1234-5678', 'ana@example.com'],
  [
    '田中太郎<taro.tanaka@example.com>、鈴木花子<hanako@example.com>',
    'taro.tanaka@example.com hanako@example.com',
  ],
  ['ana@example.com。chidi@example.com。', 'ana@example.com chidi@example.com'],
  [
    '邮件发给ana@example.com和chidi@example.com就行',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  [
    '《ana@example.com》〈chidi@example.com〉〔petra@example.org〕',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['E-mail\u3000ana@example.com\u3000TEL\u300003-1234-5678', 'ana@example.com'],
  ['ana@example.com・chidi@example.com', 'ana@example.com chidi@example.com'],
  ['連絡先はana@example.com（安娜）です', 'ana@example.com', { review: 'ana@example.com' }],
  [
    '收件人:张伟<zhang.wei@example.com>;李娜<li.na@example.com>',
    'zhang.wei@example.com li.na@example.com',
  ],
];

export const accented: readonly PasteCase[] = [
  ['josé.garcía@example.com, zoë@example.org', 'josé.garcía@example.com zoë@example.org'],
  [
    'ив\u0430н@example.com; ольг\u0430.петров\u0430@example.org',
    'ив\u0430н@example.com ольг\u0430.петров\u0430@example.org',
  ],
  ['Kontakt: Łukasz <łukasz.nowak@example.com>', 'łukasz.nowak@example.com'],
  ['δοκιμή@example.org', 'δοκιμή@example.org'],
  ['<björn.åström@example.com>', 'björn.åström@example.com'],
  ['Đặng.Hùng@example.com', 'Đặng.Hùng@example.com'],
  ['françois+news@example.com', 'françois+news@example.com'],
  ['ñandú@example.org | peña@example.org', 'ñandú@example.org peña@example.org'],
  ['ÅSA@EXAMPLE.COM', 'ÅSA@example.com'],
  ['email: çağrı.yılmaz@example.com', 'çağrı.yılmaz@example.com'],
];

export const nationalDomains: readonly PasteCase[] = [
  ['info@bücher.example.org', 'info@bücher.example.org'],
  ['ana@bücher.de, chidi@例え.jp', 'ana@bücher.de chidi@例え.jp'],
  ['ив\u0430н@пример.рф', 'ив\u0430н@пример.рф'],
  ['ana@MÜLLER.example.com', 'ana@müller.example.com'],
  ['ana@mu\u0308ller.example.com', 'ana@müller.example.com'],
  ['用户@例子.中国', '用户@例子.中国'],
  ['ana@xn--80ak6aa92e.xn--p1ai', 'ana@xn--80ak6aa92e.xn--p1ai'],
  ['info@παράδειγμα.ελ', 'info@παράδειγμα.ελ'],
  ['ana@उदाहरण.भारत', 'ana@उदाहरण.भारत'],
  ['ana@müller.example.com, ana@xn--mller-kva.example.com', 'ana@müller.example.com'],
];

export const sentences: readonly PasteCase[] = [
  [
    'Пишите н\u0430 ana@example.com, копия — chidi@example.com.',
    'ana@example.com chidi@example.com',
  ],
  ['Почт\u0430:ana@example.com;тел:+7 495 123-45-67', 'ana@example.com'],
  ['Γράψτε στο ana@example.com· ευχαριστώ', 'ana@example.com', { review: 'ana@example.com' }],
  ['कृपया ana@example.com पर लिखें। chidi@example.com।', 'ana@example.com chidi@example.com'],
  ['Գրեք ana@example.com։ Շնորհակալություն', 'ana@example.com'],
  [
    'ኢሜይል፡ana@example.com። chidi@example.com፣petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['សូមផ្ញើទៅ ana@example.com។', 'ana@example.com'],
  ['ဆက်သွယ်ရန် ana@example.com။', 'ana@example.com'],
  [
    'დაწერეთ ana@example.com-ზე',
    '',
    { rejected: 'unknown-tld', ruling: 'Reported, so that one click corrects it' },
  ],
  [
    'Skriv till ana@example.com eller chidi@example.com så ordnar vi.',
    'ana@example.com chidi@example.com',
  ],
  ['Lähetä osoitteeseen ana@example.com:iin', 'ana@example.com'],
  ['E‑mail : ana@example.com ; copie : chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ای\u200Cمیل:ana@example.com', 'ana@example.com'],
  ['איימיל:ana@example.com', 'ana@example.com'],
  [
    'ana@example.com-এ লিখুন',
    '',
    { rejected: 'unknown-tld', ruling: 'Reported, so that one click corrects it' },
  ],
  ['Email của tôi là ana@example.com nhé.', 'ana@example.com'],
  [
    'Írjon ide: ana@example.com-ra',
    '',
    { rejected: 'unknown-tld', ruling: 'Reported, so that one click corrects it' },
  ],
  ['Kirjoita ana@example.com’iin; ana@example.com’a yazın', 'ana@example.com'],
  ["ana@example.com'a yazın", 'ana@example.com'],
  ['மின்னஞ்சல்: ana@example.com.', 'ana@example.com'],
  ['ອີເມວ: ana@example.com', 'ana@example.com'],
  ['༄ཡིག་འཕྲིན།ana@example.com།', 'ana@example.com'],
  ['ইমেইল: ana@example.com।', 'ana@example.com'],
];

export const gluedSentences: readonly PasteCase[] = [
  ['לana@example.com', 'לana@example.com'],
  ['ส่งมาที่ ana@example.com, chidi@example.com ด้วย', 'ana@example.com chidi@example.com'],
  [
    'Адрес: ana@example.com(Анн\u0430), ив\u0430н@example.com(Ив\u0430н)',
    'ana@example.com ив\u0430н@example.com',
  ],
  ['联系:ana@example.com/chidi@example.com', 'ana@example.com chidi@example.com'],
  ['전자우편:ana@example.com,휴대폰:010-1234-5678', 'ana@example.com'],
  ['抄送：张三(ana@example.com)、李四(chidi@example.com)', 'ana@example.com chidi@example.com'],
  [
    'ana@example.comさんとchidi@example.comさん',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  ['張三ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  [
    'ana@example.comまで、chidi@example.comも',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  [
    '邮箱ana.reyes+cn@example.com，谢谢',
    'ana.reyes+cn@example.com',
    { review: 'ana.reyes+cn@example.com' },
  ],
  ['邮箱是123456@example.com', '123456@example.com', { review: '123456@example.com' }],
  ['QQ:123456@example.com', '123456@example.com'],
  ['Εmail: ana@example.com', 'ana@example.com'],
  ['Пошт\u0430:ana@example.com,chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ana@example.com–ით', 'ana@example.com'],
  [
    'ana@example.com-ის',
    '',
    { rejected: 'unknown-tld', ruling: 'Reported, so that one click corrects it' },
  ],
  ['อีเมล:ana@example.com', 'ana@example.com'],
  ['ഇമെയിൽ: ana@example.com', 'ana@example.com'],
  ['ई-मेल:ana@example.com', 'ana@example.com'],
  ['メールアドレス（ana@example.com）まで', 'ana@example.com'],
  ['E-posta:ana@example.com’dir', 'ana@example.com'],
];
