import type { PasteCase } from '../paste-case.ts';

export const calendars: readonly PasteCase[] = [
  [
    'Weekly sync\nTuesday, March 3 · 10:00 – 10:30am\nGuests\nana@example.com - organizer\npetr@example.org\nyuki@example.net - optional\n3 guests, 2 yes, 1 awaiting',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'Required: Ana Reyes <ana@example.com>; Optional: Petr Novak <petr@example.org>; Location: Room 4 @ HQ',
    'ana@example.com petr@example.org',
  ],
  [
    'Join: https://meet.example.com/abc-defg-hij?authuser=ana@example.com\nDial-in: +1 202-555-0123 PIN: 123 456#',
    'ana@example.com',
  ],
  [
    'Ana Reyes is inviting you to a scheduled meeting.\nJoin by SIP\n• 123456789@sip.example.com\nOr ask ana@example.com',
    '123456789@sip.example.com ana@example.com',
    { ruling: 'Without "sip:" in front nothing tells it from an address' },
  ],
  ['sip:123456789@sip.example.com;transport=tls', '', { rejected: 'identifier' }],
  [
    'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;X-NUM-GUESTS=0:mailto:ana@example.com\nORGANIZER;SENT-BY="mailto:office@example.com":mailto:petr@example.org',
    'ana@example.com office@example.com petr@example.org',
  ],
  [
    'UID:7kukuqrfedlm2f9t@calendar.example.com\nORGANIZER:mailto:ana@example.com',
    'ana@example.com',
    { rejected: 'identifier' },
  ],
  [
    'Who: Ana (ana@example.com), Petr (petr@example.org) & Yuki (yuki@example.net)\nWhen: tomorrow @ 14:00',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    '✓ ana@example.com\n✗ petr@example.org\n? yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
];

export const spreadsheets: readonly PasteCase[] = [
  [
    '#\tName\tMail\tStart\n1\tReyes, Ana\tana@example.com\t2026-03-01\n2\tNovák, Petr\tpetr@example.org\t2026-04-15',
    'ana@example.com petr@example.org',
  ],
  [
    '"ana@example.com"\t"petr@example.org"\r\n"yuki@example.net"\t',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  [
    'ana@example.com\t\t\t12,5\t1.000,00 €\nn/a\t\tpetr@example.org\t#REF!\t0',
    'ana@example.com petr@example.org',
  ],
  ['=HYPERLINK("mailto:ana@example.com","Ana")', 'ana@example.com'],
  [
    "'=ana@example.com",
    'ana@example.com',
    { review: 'ana@example.com', ruling: 'Lead characters go; both answers are defensible' },
  ],
  ['A1: ana@example.com, B1: petr@example.org', 'ana@example.com petr@example.org'],
  [
    'Ana Reyes;ana@example.com;Sales;1 200,50\nPetr Novak;petr@example.org;Ops;980,00',
    'ana@example.com petr@example.org',
  ],
  [
    '| Ana | ana@example.com | yes |\n|-----|-----------------|-----|\n| Petr | petr@example.org | no |',
    'ana@example.com petr@example.org',
  ],
  [
    '+----+------------------+\n| id | email            |\n+----+------------------+\n|  1 | ana@example.com  |\n|  2 | petr@example.org |\n+----+------------------+',
    'ana@example.com petr@example.org',
  ],
  [
    'ana@example.com\n(blank)\npetr@example.org\nGrand Total\t2',
    'ana@example.com petr@example.org',
  ],
  [
    'ana@example.com   petr@example.org   \u00A0yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['ana@example.com,,,,\npetr@example.org,,,,', 'ana@example.com petr@example.org'],
];

export const documents: readonly PasteCase[] = [
  [
    'Contact: Ana Reyes\u00A0<ana@example.com>\u2028Deputy: Petr\u00A0Novak <petr@example.org>',
    'ana@example.com petr@example.org',
  ],
  [
    'Ana Reyes¹ (ana@example.com), Petr Novak² (petr@example.org)\n¹ Example University ² Example Institute',
    'ana@example.com petr@example.org',
  ],
  ['Corresponding author. E-mail address: ana@example.com (A. Reyes).', 'ana@example.com'],
  ['Page 3 of 12\tConfidential – ana@example.com – do not forward', 'ana@example.com'],
  ['ana@example.com\fpetr@example.org', 'ana@example.com petr@example.org'],
  ['Send it to: ana@example.com\vpetr@example.org', 'ana@example.com petr@example.org'],
  ['‹ana@example.com› ›petr@example.org‹', 'ana@example.com petr@example.org'],
  [
    'Write to ana@example.com–or, failing that, petr@example.org—today.',
    'ana@example.com petr@example.org',
  ],
  [
    'ana@example.com† petr@example.org‡ yuki@example.net*',
    'ana@example.com petr@example.org yuki@example.net',
    { review: 'ana@example.com petr@example.org yuki@example.net' },
  ],
  ['ana@example.com™', 'ana@example.com', { review: 'ana@example.com' }],
  [
    '[1] ana@example.com\n[2] petr@example.org\n(3) yuki@example.net',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['a) ana@example.com b) petr@example.org', 'ana@example.com petr@example.org'],

  ['1) ana@example.com; 2) petr@example.org', 'ana@example.com petr@example.org'],
  ['ana.reyes@\nexample.com', '', { rejected: 'no-domain' }],
  ['ana.reyes\n@example.com', '', { rejected: 'handle' }],
  ['(ana@example.com)(petr@example.org)', 'ana@example.com petr@example.org'],
  ['Ana <<ana@example.com>>', 'ana@example.com'],
  ['e-mail : ana@example.com ; tél : 01 99 00 12 34', 'ana@example.com'],
];

export const forms: readonly PasteCase[] = [
  [
    'Name: Ana Reyes\nE-mail*: ana@example.com\nCompany*: Example Ltd\nMessage: please call',
    'ana@example.com',
  ],
  [
    'First name Ana Last name Reyes Email ana@example.com Phone +12025550123 Submit',
    'ana@example.com',
  ],
  [
    'Your username is ana@example.com.\nYour temporary password is hunter2@!',
    'ana@example.com',
    { rejected: 'no-domain' },
  ],
  [
    'Ticket #4711 · Requester ana@example.com · Assignee @petr · CCs yuki@example.net',
    'ana@example.com yuki@example.net',
    { rejected: 'handle' },
  ],
  ['Requested by: ana@example.com (via portal) at 2026-03-03T09:14:00+01:00', 'ana@example.com'],
  [
    'To unsubscribe ana@example.com, click https://news.example.com/u?e=ana%40example.com&k=9',
    'ana@example.com',
    { rejected: 'entity-encoded' },
  ],
  ['ana@example.com (unverified) · petr@example.org (primary)', 'ana@example.com petr@example.org'],
  ['ana@example.comPrimary', '', { rejected: 'unknown-tld' }],
  ['ana@example.comCopy petr@example.orgRemove', '', { rejected: 'unknown-tld unknown-tld' }],
  [
    'Email\nana@example.com\nEdit\nEmail 2\npetr@example.org\nEdit',
    'ana@example.com petr@example.org',
  ],
  [
    'Members (3)\nAna Reyes\nana@example.com\nOwner\nPetr Novak\npetr@example.org\nMember\nInvite pending\nyuki@example.net\nResend',
    'ana@example.com petr@example.org yuki@example.net',
  ],
  ['AR\nAna Reyes\nana@example.com\nAdmin\n⋮', 'ana@example.com'],
  ['email: ana@example.com | role: admin | seat: 1/5', 'ana@example.com'],
  ['email ➜ ana@example.com', 'ana@example.com'],
  ['ana@example.com ✅ petr@example.org ❌', 'ana@example.com petr@example.org'],
  ['Card ending •••• 4242, receipt to ana@example.com', 'ana@example.com'],
  [
    'Please confirm that a***@example.com is yours, or use ana@example.com',
    'ana@example.com',
    { rejected: 'masked' },
  ],

  ['E-Mail: ________ana@example.com________', 'ana@example.com'],
  ['______ana@example.com', '______ana@example.com'],
  [
    'IMCEAEX-_o=Example_ou=Group+20+28X+29_cn=Recipients_cn=0a1b-ana@example.com',
    '',
    { rejected: 'identifier', ruling: 'Never cut at the equals sign' },
  ],
  ['ana@example.com < petr@example.org', 'ana@example.com petr@example.org'],
];
