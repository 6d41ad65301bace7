import type { PasteCase } from '../paste-case.ts';

export const dedupe: readonly PasteCase[] = [
  ['ana@example.com, ANA@EXAMPLE.COM, Ana@Example.com', 'ana@example.com'],
  ['Ana@Example.com ana@example.com', 'Ana@example.com'],
  [
    'ana+a@example.com ana+b@example.com ana@example.com',
    'ana+a@example.com ana+b@example.com ana@example.com',
  ],
  ['a.na@example.com ana@example.com', 'a.na@example.com ana@example.com'],
  ['josé@example.com jose\u0301@example.com JOSÉ@example.com', 'josé@example.com'],
  ['petr@example.org ana@example.com petr@example.org', 'petr@example.org ana@example.com'],
  ['ana＠example.com ana@example.com', 'ana@example.com', { ruling: 'Width is folded' }],
  ['ana@example.com ana@www.example.com', 'ana@example.com ana@www.example.com'],
  ['Ana <ana@example.com>, Ana R. <ana@example.com>', 'ana@example.com'],
  [
    'ana@\u200Bexample.com ana@example.com',
    'ana@example.com',
    { ruling: 'Invisible characters inside are stripped' },
  ],
];

export const phones: readonly PasteCase[] = [
  [
    'ana@example.com +1 202-555-0123\npetr@example.org +44 7400 123456',
    'ana@example.com petr@example.org',
  ],
  ['+12025550123 ana@example.com', 'ana@example.com'],
  ['+12025550123,ana@example.com', 'ana@example.com'],
  ['(202) 555-0123/ana@example.com', 'ana@example.com', { review: 'ana@example.com' }],
  ['Tel: 202-555-0123 Mail: ana@example.com Fax: 202-555-0124', 'ana@example.com'],
  ['ana@example.com;2025550123;petr@example.org;2025550145', 'ana@example.com petr@example.org'],
  ['12025550123@sms.example.com', '12025550123@sms.example.com'],
  ['tel:+12025550123;mailto:ana@example.com', 'ana@example.com'],
  ['２０２-５５５-０１２３ ana@example.com', 'ana@example.com'],
];

export const prose: readonly PasteCase[] = [
  [
    'Could you please add ana@example.com and petr@example.org to the team? Thanks!',
    'ana@example.com petr@example.org',
  ],
  [
    'My address is ana@example.com; my old one, reyes@example.net, is gone.',
    'ana@example.com reyes@example.net',
  ],
  [
    'Either ana@example.com or (if she is away) petr@example.org.',
    'ana@example.com petr@example.org',
  ],
  ['We met @ the fair; she said: "write me at ana@example.com".', 'ana@example.com'],
  [
    'New people: ana@example.com,petr@example.org,and yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'Invite everyone in this thread (ana@example.com, petr@example.org; yuki@example.net), please.',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['No addresses here, only words and a price of 3 @ 4.50.', ''],
  ['', ''],
  [' \n\t ', ''],
  [
    'first.last-name_x+tag@sub-domain.example.co.uk',
    'first.last-name_x+tag@sub-domain.example.co.uk',
  ],
  [
    'Bonjour, voici les adresses : ana@example.com, petr@example.org !',
    'ana@example.com petr@example.org',
  ],
  ['Hola, ¿puedes invitar a ana@example.com? Gracias.', 'ana@example.com'],
  [
    'Привет! Добавь, пожалуйста, ana@example.com и petr@example.org.',
    'ana@example.com petr@example.org',
  ],
  ['Add:ana@example.com', 'ana@example.com'],
  ['x@y.z', '', { rejected: 'unknown-tld' }],
  ['a@b.co', 'a@b.co'],
  ["Ana's mail is ana@example.com, Petr's petr@example.org", 'ana@example.com petr@example.org'],
  ['ana@example.com\n\n\n\npetr@example.org', 'ana@example.com petr@example.org'],
  ['Ana Reyes ana@example.com Petr Novak petr@example.org', 'ana@example.com petr@example.org'],
  ['1) Ana — ana@example.com 2) Petr — petr@example.org', 'ana@example.com petr@example.org'],
  [
    'ana@example.com is OK. petr@example.org is not.yuki@example.net',
    'ana@example.com petr@example.org not.yuki@example.net',
  ],
];

export const spelling: readonly PasteCase[] = [
  ['info@example.com', 'info@example.com'],
  ['123456@example.com', '123456@example.com'],
  ['a_b-c.d+e@example.com', 'a_b-c.d+e@example.com'],
  ['r&d@example.com', 'r&d@example.com'],
  ['ana#1@example.com', 'ana#1@example.com'],
  ['ana!x@example.com', 'ana!x@example.com'],
  ['ana$5@example.com', 'ana$5@example.com'],
  ['ana*x@example.com', 'ana*x@example.com'],
  ['ana~x@example.com', 'ana~x@example.com'],
  ['ana^x@example.com', 'ana^x@example.com'],
  ['ana@a.b.c.d.example.com', 'ana@a.b.c.d.example.com'],
  ['ana@1example.com', 'ana@1example.com'],
  ['ana@3com.example.com', 'ana@3com.example.com'],
  ['ana-@example.com', 'ana-@example.com'],
  ['ana_@example.com', 'ana_@example.com'],
  [
    '-ana@example.com',
    '-ana@example.com',
    { review: '-ana@example.com', ruling: 'May be a bullet' },
  ],
  [
    '--ana@example.com',
    '--ana@example.com',
    { review: '--ana@example.com', ruling: 'May be a bullet' },
  ],
  ['MixedCase.Name@Example.Org', 'MixedCase.Name@example.org'],
];
