import type { PasteCase } from '../paste-case.ts';

export const meetingLines: readonly PasteCase[] = [
  [
    'Reyes, Ana (Finance) <ana.reyes@example.com>; Okafor, Chidi (IT, Lagos) <chidi.okafor@example.com>; Novak, Petra <petra.novak@example.org>',
    'ana.reyes@example.com chidi.okafor@example.com petra.novak@example.org',
  ],
  ["To: 'ana.reyes@example.com'; 'chidi@example.com'", 'ana.reyes@example.com chidi@example.com'],
  [
    '"Reyes, Ana" <ana.reyes@example.com>,"Okafor, Chidi" <chidi@example.com>',
    'ana.reyes@example.com chidi@example.com',
  ],
  [
    'Ana Reyes <ana.reyes@example.com<mailto:ana.reyes@example.com>>; Chidi Okafor <chidi@example.com<mailto:chidi@example.com>>',
    'ana.reyes@example.com chidi@example.com',
  ],
  [
    'From: Ana Reyes [mailto:ana.reyes@example.com]\nSent: Monday, 3 March 2025 09:14\nTo: Chidi Okafor\nCc: Petra Novak [mailto:petra@example.org]; team@example.net\nSubject: RE: access for @all',
    'ana.reyes@example.com petra@example.org team@example.net',
    { rejected: 'handle' },
  ],
  [
    'SMTP:ana.reyes@example.com;smtp:a.reyes@example.com;X400:c=US;a= ;p=Example;o=Exchange;s=Reyes;g=Ana;',
    'ana.reyes@example.com a.reyes@example.com',
  ],
  [
    'Von: Müller, Jörg <joerg.mueller@example.com>\nGesendet: Mittwoch, 5. Februar 2025 16:02\nAn: Weiß, Katja <katja.weiss@example.com>\nBetreff: AW: Zugang',
    'joerg.mueller@example.com katja.weiss@example.com',
  ],
  [
    'De : Élodie Dubois <elodie.dubois@example.org>\nEnvoyé : mardi 4 mars 2025 10:11\nÀ : Luc Martin <luc.martin@example.org>\nObjet : TR: accès',
    'elodie.dubois@example.org luc.martin@example.org',
  ],
  [
    'Ana Reyes (ana.reyes@example.com) invited you.\nChidi Okafor (chidi@example.com)',
    'ana.reyes@example.com chidi@example.com',
  ],
  [
    'Reyes, Ana [ana.reyes@example.com]; Okafor, Chidi [chidi@example.com];',
    'ana.reyes@example.com chidi@example.com',
  ],
  [
    'On Tue, 4 Mar 2025 at 10:11, Ana Reyes <ana.reyes@example.com> wrote:\n> > Hi, please add chidi@example.com\n> and petra@example.org.\n>\n> Ana',
    'ana.reyes@example.com chidi@example.com petra@example.org',
  ],
  [
    '-----Original Message-----\nFrom: Chidi Okafor [mailto:chidi@example.com] On Behalf Of Helpdesk\nTo: ana@example.com\n',
    'chidi@example.com ana@example.com',
  ],
  [
    'Ana <ana@example.com>;; ;Chidi <chidi@example.com>;\r\n;petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    'Ana Reyes/ACME <ana.reyes@example.com>, Chidi Okafor/Lagos/ACME@ACME',
    'ana.reyes@example.com',
    { rejected: 'no-tld' },
  ],
  ['‘ana@example.com’; ‘chidi@example.com’', 'ana@example.com chidi@example.com'],
  [
    '"\'ana@example.com\'" <ana@example.com>; "chidi@example.com" <chidi@example.com>',
    'ana@example.com chidi@example.com',
  ],
  ['Ana Reyes <ANA.REYES@EXAMPLE.COM>', 'ANA.REYES@example.com'],
  [
    'Teilnehmer: Ana Reyes <ana@example.com> (Organisator); Chidi Okafor <chidi@example.com> (erforderlich); Raum 3 <raum3@example.com>',
    'ana@example.com chidi@example.com raum3@example.com',
  ],
  [
    '\tAna Reyes\tana@example.com\tAccepted\n\tChidi Okafor\tchidi@example.com\tTentative\n',
    'ana@example.com chidi@example.com',
  ],
];

export const delimitedRows: readonly PasteCase[] = [
  [
    'name,email,role\nAna Reyes,ana@example.com,admin\nChidi Okafor,chidi@example.com,member\n',
    'ana@example.com chidi@example.com',
  ],
  [
    '"Name";"E-Mail";"Telefon"\r\n"Reyes; Ana";"ana@example.com";"+49 30 901820"\r\n"Weiß ""Kati"" Katja";"katja@example.com";""\r\n',
    'ana@example.com katja@example.com',
  ],
  [
    'ana@example.com,chidi@example.com,petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    'Id\tE-mail\tActive\n1\tana@example.com\tTRUE\n2\tchidi@example.com\tFALSE',
    'ana@example.com chidi@example.com',
  ],
  [
    '1,ana@example.com,2025-03-01T10:00:00Z\n2,chidi@example.com,2025-03-02',
    'ana@example.com chidi@example.com',
  ],
  ["'ana@example.com','chidi@example.com'\n", 'ana@example.com chidi@example.com'],
  [
    'ana@example.com|chidi@example.com|petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['\uFEFFemail\nana@example.com\nchidi@example.com', 'ana@example.com chidi@example.com'],
  ['\uFEFFana@example.com\nchidi@example.com', 'ana@example.com chidi@example.com'],
  [
    '"ana@example.com, chidi@example.com","petra@example.org"',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['email\n"=HYPERLINK(""mailto:ana@example.com"",""ana@example.com"")"\n', 'ana@example.com'],
  [
    '^ana@example.com^,^chidi@example.com^',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  ['ana@example.com;;;\nchidi@example.com;;;\n;;;\n', 'ana@example.com chidi@example.com'],
  [
    'a@example.com\u001Fb@example.com\u001Ec@example.com',
    'a@example.com b@example.com c@example.com',
  ],
];

export const looseLists: readonly PasteCase[] = [
  [
    'ana@example.com and chidi@example.com & petra@example.org + dana@example.org',
    'ana@example.com chidi@example.com petra@example.org dana@example.org',
  ],

  [
    '1. ana@example.com\n2) chidi@example.com\n(3) petra@example.org\n#4 dana@example.org',
    'ana@example.com chidi@example.com petra@example.org dana@example.org',
  ],
  [
    '①ana@example.com②chidi@example.com',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  ['·ana@example.com ·chidi@example.com', 'ana@example.com chidi@example.com'],
  [
    '◆ana@example.com ▶chidi@example.com ✓petra@example.org ✔\uFE0Fdana@example.org',
    'ana@example.com chidi@example.com petra@example.org dana@example.org',
  ],
  [
    'Admins: ana@example.com; Members: chidi@example.com, petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    'ana@example.com\t\tchidi@example.com\r\n\r\npetra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    'ana@example.com ,chidi@example.com ;petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    'ana@example.com،chidi@example.com؛petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  ['ana@example.com۔ chidi@example.com؟', 'ana@example.com chidi@example.com'],
  [
    'ana@example.com→chidi@example.com⇒petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
    { review: 'ana@example.com chidi@example.com' },
  ],
  [
    'ana@example.com¶chidi@example.com§petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
    { review: 'ana@example.com chidi@example.com petra@example.org' },
  ],
  [
    'ana@example.com -- chidi@example.com - petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    'ana@example.com or chidi@example.com, NOT bob@example.cmo',
    'ana@example.com chidi@example.com',
    { rejected: 'unknown-tld' },
  ],
  ['Ana: ana@example.com Chidi: chidi@example.com', 'ana@example.com chidi@example.com'],
  [
    'ana@example.com=admin,chidi@example.com=member',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  [
    'ana@example.com*chidi@example.com^petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
    { review: 'ana@example.com chidi@example.com petra@example.org' },
  ],
  [
    'ana@example.com#chidi@example.com!petra@example.org',
    'ana@example.com chidi@example.com petra@example.org',
    { review: 'ana@example.com chidi@example.com petra@example.org' },
  ],
  [
    'ana@example.com&chidi@example.com',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  [
    'ana@example.com~chidi@example.com',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  [
    'ana@example.com$chidi@example.com',
    'ana@example.com chidi@example.com',
    { review: 'ana@example.com chidi@example.com' },
  ],
  ["ana@example.com'chidi@example.com", 'ana@example.com chidi@example.com'],
  ['ana@example.com"chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ana@example.com-chidi@example.com', '', { rejected: 'double-at' }],
  ['ana@example.com_chidi@example.com', '', { rejected: 'double-at' }],
  ['ana@example.com.chidi@example.com', '', { rejected: 'double-at' }],
];

export const closings: readonly PasteCase[] = [
  [
    'Best,\nAna\n--\nAna Reyes | Example Ltd.\nt: +1 202 555 0123 | e: ana.reyes@example.com | w: example.com\nTwitter: @anareyes\n',
    'ana.reyes@example.com',
    { rejected: 'handle' },
  ],
  [
    'Mit freundlichen Grüßen\nJörg Weiß\nTel.: 030 901820 · Fax: 030 901821 · E-Mail: j.weiss@example.com\nGeschäftsführer: K. Müller',
    'j.weiss@example.com',
  ],
  [
    'Sent from my iPhone\n\n> On 4 Mar 2025, at 10:11, Ana Reyes <ana@example.com> wrote:\n> \n> cc chidi@example.com',
    'ana@example.com chidi@example.com',
  ],
  ['e.ana@example.com', 'e.ana@example.com'],
  ['E: ana@example.com T: 030 901820', 'ana@example.com'],
  ['✆ 030 901820 ✉ ana@example.com 🌐 example.com', 'ana@example.com'],
  ['Email—ana@example.com', 'ana@example.com'],
  [
    'Ana Reyes, CFO, ana@example.com, +1 202 555 0123, @anareyes',
    'ana@example.com',
    { rejected: 'handle' },
  ],
  [
    'ana@example.com (work) / ana.home@example.org (private)',
    'ana@example.com ana.home@example.org',
  ],
  [
    'Please do not print this e-mail. If received in error contact postmaster@example.com.',
    'postmaster@example.com',
  ],
];

export const repeats: readonly PasteCase[] = [
  ['Ana@example.com, ana@EXAMPLE.com, ANA@Example.Com', 'Ana@example.com'],
  ['jose\u0301@example.com josé@example.com', 'josé@example.com'],
  [
    'ana@bücher.example.com ana@xn--bcher-kva.example.com ana@BÜCHER.example.com',
    'ana@bücher.example.com',
  ],
  ['ana@example.com ana@example.com. <ana@example.com> (ANA@example.com)', 'ana@example.com'],
  ['an\u00ADa@example.com ana@example.com', 'ana@example.com'],
  ['bob@example.com ana@example.com bob@example.com', 'bob@example.com ana@example.com'],
];

export const apostrophes: readonly PasteCase[] = [
  ["o'brien@example.com", "o'brien@example.com"],
  ["'o'brien@example.com'", "o'brien@example.com"],
  ["Pat O'Hara <pat.o'hara@example.com>", "pat.o'hara@example.com"],
  ["d'angelo@example.com, l'oreal@example.org", "d'angelo@example.com l'oreal@example.org"],
  ["'ana@example.com", 'ana@example.com'],
  ['ana@example.com’s inbox', 'ana@example.com'],
  ["rock'n'roll@example.com", "rock'n'roll@example.com"],
];

export const wrappers: readonly PasteCase[] = [
  [
    '[ana@example.com]{chidi@example.com}',
    'ana@example.com chidi@example.com',
    { review: 'chidi@example.com' },
  ],
  ['"ana@example.com".', 'ana@example.com'],
  [
    '«ana@example.com» „chidi@example.com“ ‹petra@example.org›',
    'ana@example.com chidi@example.com petra@example.org',
  ],
  [
    '...ana@example.com...',
    '',
    { rejected: 'double-dot', ruling: 'Dots in front may hide letters' },
  ],
  ['…ana@example.com…', 'ana@example.com'],
  ['--ana@example.com--', '--ana@example.com', { review: '--ana@example.com' }],
  ['—ana@example.com— –chidi@example.com–', 'ana@example.com chidi@example.com'],
  ['*ana@example.com*', 'ana@example.com'],
  ['ana@example.com!!! chidi@example.com??', 'ana@example.com chidi@example.com'],
  ['~ana@example.com~', 'ana@example.com', { review: 'ana@example.com' }],
  ['((ana@example.com),(chidi@example.com))', 'ana@example.com chidi@example.com'],
  ['‚ana@example.com‘', 'ana@example.com'],
  ['ana@example.com/chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ana@example.com:chidi@example.com', 'ana@example.com chidi@example.com'],
  ['ana@example.com>chidi@example.com', 'ana@example.com chidi@example.com'],
];
