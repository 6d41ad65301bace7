import type { PasteCase } from '../paste-case.ts';

export const outlook: readonly PasteCase[] = [
  [
    'Reyes, Ana (Finance) <ana.reyes@example.com>; Novak, Petr <petr.novak@example.org>',
    'ana.reyes@example.com petr.novak@example.org',
  ],
  [
    'Ana Reyes <ana.reyes@example.com>; Petr Novak <petr.novak@example.org>; Yuki Mori <yuki@example.net>;',
    'ana.reyes@example.com petr.novak@example.org yuki@example.net',
  ],
  [
    "'ana.reyes@example.com'; 'petr.novak@example.org'",
    'ana.reyes@example.com petr.novak@example.org',
  ],
  [
    "'Ana Reyes' <ana.reyes@example.com>, 'Petr Novak' <petr.novak@example.org>",
    'ana.reyes@example.com petr.novak@example.org',
  ],
  ['"Reyes, Ana" <ana.reyes@example.com>', 'ana.reyes@example.com'],
  ['Ana Reyes [mailto:ana.reyes@example.com]', 'ana.reyes@example.com'],
  ['ana.reyes@example.com<mailto:ana.reyes@example.com>', 'ana.reyes@example.com'],
  ['Ana Reyes (ana.reyes@example.com)', 'ana.reyes@example.com'],
  ['Ana Reyes/FIN/Example <ana.reyes@example.com>', 'ana.reyes@example.com'],
  ['SMTP:ana.reyes@example.com', 'ana.reyes@example.com'],
  ['smtp:ana@example.com;SMTP:ana.reyes@example.com', 'ana@example.com ana.reyes@example.com'],
  ['"ana.reyes@example.com" <ana.reyes@example.com>', 'ana.reyes@example.com'],
  [
    'Ana Reyes\tana.reyes@example.com\nPetr Novak\tpetr.novak@example.org',
    'ana.reyes@example.com petr.novak@example.org',
  ],
  [
    'ana.reyes@example.com;petr.novak@example.org;yuki@example.net',
    'ana.reyes@example.com petr.novak@example.org yuki@example.net',
  ],
  [
    'ana.reyes@example.com; ; petr.novak@example.org;;',
    'ana.reyes@example.com petr.novak@example.org',
  ],
  [
    'Ana Reyes <ana.reyes@example.com>\r\nPetr Novak <petr.novak@example.org>\r\n',
    'ana.reyes@example.com petr.novak@example.org',
  ],
  [
    'Sales Team (Shared) <sales@example.com>; Room 4.12 <room-4.12@example.com>',
    'sales@example.com room-4.12@example.com',
  ],
  ["O'Brien, Nora <nora.o'brien@example.com>", "nora.o'brien@example.com"],
  ['Ana Reyes <mailto:ana.reyes@example.com>', 'ana.reyes@example.com'],
  ['Ana <ana.reyes@EXAMPLE.COM>; ANA <ANA.REYES@example.com>', 'ana.reyes@example.com'],
];

export const headerBlocks: readonly PasteCase[] = [
  [
    'From: Ana Reyes <ana@example.com>\nSent: Tuesday, 3 March 2026 09:14\nTo: Petr Novak <petr@example.org>; Yuki Mori <yuki@example.net>\nSubject: Kick-off @ 10:00',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'To: ana@example.com, petr@example.org\r\nCc: yuki@example.net\r\nBcc: \r\n',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'Return-Path: <bounces@example.com>\nDelivered-To: ana@example.org\nReceived: from mx1.example.com (mx1.example.com [192.0.2.7]) by mail.example.org for <ana@example.org>; Tue, 3 Mar 2026 09:14:00 +0000',
    'bounces@example.com ana@example.org',
  ],
  [
    'From: "Ana Reyes" <ana@example.com>\nReply-To: support+4711@example.com',
    'ana@example.com support+4711@example.com',
  ],
  [
    'Message-ID: <CAF_8xq2=K1@mail.example.com>\nFrom: Ana <ana@example.com>',
    'ana@example.com',
    { rejected: 'message-id' },
  ],
  [
    'Von: Ana Reyes <ana@example.com>\nGesendet: Montag\nAn: petr@example.org\nBetreff: AW: Angebot',
    'ana@example.com petr@example.org',
  ],
  [
    'De : Ana Reyes <ana@example.com>\nÀ : petr@example.org\nObjet : Réunion',
    'ana@example.com petr@example.org',
  ],
  [
    '差出人: 山田 <yamada@example.com>\n宛先: 鈴木 <suzuki@example.org>\n件名: 打ち合わせ',
    'yamada@example.com suzuki@example.org',
  ],
  ['From: =?UTF-8?Q?Zo=C3=AB_Ruiz?= <zoe@example.com>', 'zoe@example.com'],
  ['From: =?utf-8?B?5bGx55Sw?= <yamada@example.com>', 'yamada@example.com'],
  [
    'Sender: list-owner@example.com\nList-Unsubscribe: <mailto:leave-77@lists.example.com?subject=unsubscribe>',
    'list-owner@example.com leave-77@lists.example.com',
  ],
  [
    'X-Original-To: ana@example.com\nX-Envelope-From: <petr@example.org>',
    'ana@example.com petr@example.org',
  ],
  [
    'To: undisclosed-recipients:;\nCc: Friends: ana@example.com, petr@example.org;',
    'ana@example.com petr@example.org',
  ],
  [
    'DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=k1; i=@example.com;\nFrom: ana@example.com',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    'Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=ana@example.com',
    'ana@example.com',
  ],
];

export const quotedReplies: readonly PasteCase[] = [
  [
    'On Tue, 3 Mar 2026 at 09:14, Ana Reyes <ana@example.com> wrote:\n> Please add petr@example.org\n> and yuki@example.net.',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    '>ana@example.com\n>>petr@example.org\n> > yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'Am 03.03.2026 um 09:14 schrieb Ana Reyes <ana@example.com>:\n> Bitte auch petr@example.org einladen!',
    'ana@example.com petr@example.org',
  ],
  ['Le mar. 3 mars 2026 à 09:14, Ana <ana@example.com> a écrit :\n> Merci', 'ana@example.com'],
  [
    '-----Original Message-----\nFrom: Ana Reyes [mailto:ana@example.com] \nSent: Tuesday\nTo: petr@example.org\n',
    'ana@example.com petr@example.org',
  ],
  [
    '---------- Forwarded message ---------\nFrom: Ana Reyes <ana@example.com>\nDate: Tue, Mar 3\nTo: <petr@example.org>',
    'ana@example.com petr@example.org',
  ],
  ['| ana@example.com wrote:\n| | ask petr@example.org', 'ana@example.com petr@example.org'],
  ['ana@example.com wrote:\n:> cc yuki@example.net', 'ana@example.com yuki@example.net'],
  [
    '> To: ana@example.com,\n> petr@example.org,\n> yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['2026-03-03 9:14 GMT+01:00 Ana Reyes <ana@example.com>:', 'ana@example.com'],
];

export const signatures: readonly PasteCase[] = [
  [
    'Best,\n-- \nAna Reyes\nHead of Finance | Example Ltd.\nT +44 20 7946 0018 | M +44 7400 123456\nana.reyes@example.com | www.example.com',
    'ana.reyes@example.com',
  ],
  ['Ana Reyes · Finance · ana.reyes@example.com · +1 (202) 555-0123', 'ana.reyes@example.com'],
  ['E: ana@example.com W: https://www.example.com T: 202-555-0123', 'ana@example.com'],
  ['e-mail:ana@example.com, tel:+12025550123', 'ana@example.com'],
  ['Ana Reyes\n✉ ana@example.com\n☎ 202-555-0123', 'ana@example.com'],
  [
    'Mit freundlichen Grüßen\nAna Reyes\nE-Mail: ana@example.com\nWeb: www.example.com/team',
    'ana@example.com',
  ],
  ['📧ana@example.com 📱+44 7400 123456', 'ana@example.com', { review: 'ana@example.com' }],
  ['Email – ana@example.com\nSkype – live:ana.reyes', 'ana@example.com'],
  ['Sent from my phone\nana@example.com/petr@example.org', 'ana@example.com petr@example.org'],
  ['Ana Reyes (she/her) | ana@example.com | @anareyes', 'ana@example.com', { rejected: 'handle' }],
  ['*Ana Reyes*\n_ana@example.com_\nhttps://example.com', 'ana@example.com'],
  ['Example GmbH, Amtsgericht München HRB 12345, info@example.com.', 'info@example.com'],
];
