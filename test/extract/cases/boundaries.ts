import type { PasteCase } from '../paste-case.ts';

const ana = 'ana.reyes@example.com';
const both = `${ana} petr.novak@example.org`;

export const keyedNames: readonly PasteCase[] = [
  [
    `https://example.com/?e=${ana}#x`,
    ana,
    { review: 'ana.reyes@example.com', ruling: 'Nothing ends in .reyes: no bounce' },
  ],
  [`members=${ana}&guests=petr.novak@example.org`, both, { review: 'ana.reyes@example.com' }],
  [`ADMINS=${ana},petr.novak@example.org`, both],
  [`/C=NL/O=Example/CN=Ana/emailAddress=${ana}`, ana],
  [`E=${ana}, CN=Ana Reyes, O=Example`, ana, { review: 'ana.reyes@example.com' }],
  [`dn: cn=${ana},ou=people,dc=example,dc=com`, ana, { review: 'ana.reyes@example.com' }],
  [`Autocrypt: addr=${ana}; prefer-encrypt=mutual`, ana],
  [`DKIM-Signature: v=1; d=example.com; i=${ana}; s=s1`, ana, { review: 'ana.reyes@example.com' }],
  [`https://chat.example.com/l/0?users=${ana},petr.novak@example.org`, both],
  [
    'cn=kim.wang@example.com',
    'kim.wang@example.com',
    { review: 'kim.wang@example.com', ruling: 'A key, though .wang is one' },
  ],
  [
    'x=jo.li@example.com&APPROVER=lu.li@example.org',
    'jo.li@example.com lu.li@example.org',
    { review: 'jo.li@example.com' },
  ],

  ['bounce-admin=example.org@lists.example.com', '', { rejected: 'verp' }],
  ['bounces.admin=example.org@lists.example.com', '', { rejected: 'verp' }],
  ['dev-return-12-bob=users.internal@lists.example.com', '', { rejected: 'verp' }],
  ['return_path=ana.reyes@example.com Return-Path=petr.novak@example.org', both],
  ['list-id=ana.reyes@example.com return-to=petr.novak@example.org', both],
  ['msprvs1=18abc=bounces-123@example.com', '', { rejected: 'srs' }],
  ['=3Dana.reyes@example.com', ana, { review: 'ana.reyes@example.com' }],
  [
    `https://example.com/share?text=write%20to%20${ana}`,
    ana,
    { review: 'ana.reyes@example.com', ruling: 'In a query, %20 is a blank' },
  ],
];

export const windowsPaths: readonly PasteCase[] = [
  [String.raw`C:\mail\nora@example.com`, '', { rejected: 'bad-char', ruling: 'No line break' }],
  [String.raw`C:\nora@example.com`, '', { rejected: 'bad-char' }],
  [String.raw`D:\Users\tina.k@example.com\Documents`, '', { rejected: 'bad-char' }],
  [String.raw`C:\Users\Ana Reyes\Mail\nora@example.com`, '', { rejected: 'bad-char' }],
  [String.raw`"file":"C:\\data\\tina@example.com"`, '', { rejected: 'bad-char' }],
  [String.raw`\\fs01\home\nora@example.com`, '', { rejected: 'bad-char' }],
  [String.raw`"\\\\fs01\\home\\nora@example.com"`, '', { rejected: 'bad-char' }],
  [String.raw`"Hello\nora@example.com"`, 'ora@example.com', { review: 'ora@example.com' }],
  [
    String.raw`{"log":"see C:/x\nnora@example.com"}`,
    'nora@example.com',
    { review: 'nora@example.com' },
  ],
  [
    String.raw`{"log":"done:\\nnora@example.com"}`,
    'nora@example.com',
    { review: 'nora@example.com' },
  ],
  [String.raw`scp ana@host.example.com:C:\temp\x.txt .`, '', { rejected: 'scp-path' }],
];

const attendee = 'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED';

export const foldedLines: readonly PasteCase[] = [
  ['DESCRIPTION:Please contact\r\n petr@example.org', 'petr@example.org'],
  [
    `NOTE:Write to ${ana}\n or to petr.novak@example.org`,
    both,
    { ruling: 'No domain ends in .comor' },
  ],
  [`EMAIL:${ana}\r\n Work`, ana],
  [`${attendee}:mailto:\r\n ${ana}`, ana],
  [`${attendee};CN="${ana}"\r\n :mailto:${ana}`, ana],
  [`EMAIL:${ana}\n petr.novak@example.org`, both, { ruling: 'Two addresses are two lines' }],
  ['Team\n ana.reyes@example.com\n\tpetr.novak@example.org\n', both],
  ['To: Ana\r\n ana.reyes@example.com,\r\n\tpetr.novak@example.org', both],
  [`BEGIN:VCARD\n EMAIL;TYPE=work:${ana}\n TEL:+1\n END:VCARD`, ana],
];

const hidden = { rejected: 'masked', ruling: 'A name with letters hidden is refused whole' };

export const hiddenLetters: readonly PasteCase[] = Array.from('·×░■★○◦⬤＊✖', (mark) => [
  `a${mark.repeat(3)}s@example.com`,
  '',
  hidden,
]);

export const behindTags: readonly PasteCase[] = [
  [`<b>${ana}</b>, <i>petr.novak@example.org</i>.`, both, { ruling: 'The dot ends a sentence' }],
  [`<em>${ana}</em>- <u>petr.novak@example.org</u>...`, both],
  [
    `<b>${ana}</b>Admin`,
    ana,
    { review: 'ana.reyes@example.com', ruling: 'No domain ends in .comAdmin' },
  ],

  [
    `メールは<b>${ana}</b>までご連絡ください`,
    ana,
    { review: 'ana.reyes@example.com', ruling: 'まで is no part of an address' },
  ],
  [`이메일 <strong>${ana}</strong>으로 보내 주세요`, ana, { review: 'ana.reyes@example.com' }],
  [
    `<b>${ana}</b>和<b>petr.novak@example.org</b>`,
    both,
    { review: 'ana.reyes@example.com petr.novak@example.org' },
  ],
  ['petr@example.co&period;uk', '', { rejected: 'entity-encoded' }],
];

export const footnotes: readonly PasteCase[] = [
  [
    `${ana}¹ petr.novak@example.org²`,
    both,
    { review: 'ana.reyes@example.com petr.novak@example.org', ruling: 'Marks of footnotes go' },
  ],
  [
    `¹${ana}, ²petr.novak@example.org`,
    both,
    { review: 'ana.reyes@example.com petr.novak@example.org' },
  ],
  [
    `${ana}¹,² petr.novak@example.org⁴`,
    both,
    { review: 'ana.reyes@example.com petr.novak@example.org' },
  ],
  ['ana²reyes@example.com', '', { rejected: 'bad-char' }],
];

const secret = { rejected: 'userinfo-url', ruling: 'Databases are told a password behind a slash' };

export const slashedLogins: readonly PasteCase[] = [
  ['sqlplus scott/tiger@db.example.com:1521/orcl', '', secret],

  ['DSN=app/s3cret@db.example.com:1521/prod', '', secret],
  [`${ana}/petr.novak@example.org:25`, both],
];

export const idsOfMails: readonly PasteCase[] = [
  ['Message ID: &lt;team/app/issues/12/99@git.example.com&gt;', '', { rejected: 'message-id' }],
  ['<team/app/issues/12/99@git.example.com>', '', { rejected: 'message-id' }],
  ['References: &lt;x1@mail.example.com&gt;', '', { rejected: 'message-id' }],
  [`sendmail: msgid=<x1@mail.example.com>, from=<${ana}>`, ana, { rejected: 'message-id' }],

  [`name + "@example.com" + "${ana}"`, ana, { rejected: 'handle' }],
];
