import type { PasteCase } from '../paste-case.ts';

const ana = 'ana@example.com';
const both = 'ana@example.com petr@example.org';
const badChar = { rejected: 'bad-char' };
const encoded = { rejected: 'entity-encoded' };
const messageId = { rejected: 'message-id' };
const secret = { rejected: 'userinfo-url' };

export const spelledSigns: readonly PasteCase[] = [
  ['ana(.)reyes@example.com', '', badChar],
  ['ana[dot]reyes@example.com', '', badChar],
  ['ana [.] reyes@example.com', '', badChar],
  ['ana (dot) reyes@example.com', '', badChar],
  ['ana<dot>reyes@example.com', '', badChar],
  ['ana[underscore]reyes@example.com', '', badChar],
  ['a[…]s@example.com, a[...]s@example.com', '', { rejected: 'bad-char bad-char' }],
  ['We met [...] ana@example.com (Sales) petr@example.org', both],
  ['[1]ana@example.com (2)petr@example.org', both],
  ['12:03ana@example.com', '', badChar],
  ['12:03 ana@example.com, room 12:petr@example.org', both],
  ['m\\"uller@example.com', '', badChar],
  ['{"to":"{\\"mail\\":\\"ana@example.com\\"}"}', ana],
  ['jos\uFFFD?s@example.com', '', badChar],
  ['m\u0081ller@example.com', '', badChar],
  ['\u0095ana@example.com \u0093petr@example.org\u0094', both],
];

export const writtenTwice: readonly PasteCase[] = [
  ['m&amp;uuml;ller@example.com', '', encoded],
  ['R&amp;amp;D@example.com', '', encoded],
  ['&amp;lt;ana@example.com&amp;gt;', ana],
  ['ana&ZeroWidthSpace;reyes@example.com', '', encoded],
  ['Gr=FC=DFe@example.com', '', encoded],
  ['M=FCller@example.com', '', encoded],
  ['Andr=E9@example.com', '', encoded],
  ['user=ana@example.com to=Ed@example.org', 'ana@example.com Ed@example.org'],
  ['to=ED@example.org', 'ED@example.org'],
  ['https://example.com/a?next=%2Fp%3Femail%3Dana@example.com', '', encoded],
  ['%3Cana@example.com%3E %ana@example.com', ana],
];

export const comments: readonly PasteCase[] = [
  ['ana<!-- no spam -->reyes@example.com', '', encoded],
  ['ana@example.co<!-- no spam -->m', '', encoded],
  ['<!-- people -->ana@example.com<!-- end -->', ana],
];

export const otherEncodings: readonly PasteCase[] = [
  ['mÂ·ller@example.com', '', badChar],
  ['nuÃ±ez@example.com', '', badChar],
  ['Å‚kasz@example.com', '', badChar],
  ['oâ€™brien@example.com', '', badChar],
  ['â€œana@example.comâ€', '', badChar],
  ['m√ºller@example.com, andr├⌐s@example.com', '', { rejected: 'bad-char bad-char' }],
  ['M¸ller@example.com, m¨uller@example.com', '', { rejected: 'bad-char bad-char' }],
  ['ï»¿ana@example.com;Â«petr@example.org', both],
  ['d"angelo@example.com', '', badChar],
  ['u"ana@example.com", b"petr@example.org"', both],
];

export const templates: readonly PasteCase[] = [
  ['%(user)s@example.com', '', badChar],
  ['$USER@example.com', '', badChar],
  ['[a-z]+@example.com', '', badChar],
  ['$ana@example.com, $petr@example.org', both],
];

export const hyphenation: readonly PasteCase[] = [
  ['write to ana.rey-\nes@example.com', '', encoded],
  ['write to ana.rey-\r\nes@example.com', '', encoded],
  ['ana.rey-\nes@example.com', '', encoded],
  ['ana@example.com-\npetr@example.org', both],
  ['ana@example.com-\r\npetr@example.org', both],
  ['These people-\nana@example.com', ana],
  ['ana.reyes@mail.example.co\n.uk', '', encoded],
  ['ana.reyes@example.com-\npany.org', '', encoded],
  ['ana@example.com\n.br\npetr@example.org', both],
];

export const idsInText: readonly PasteCase[] = [
  [`Message ID\t<x1@mail.example.com>\nCreated at:\tMon\nTo:\t${ana}`, ana, messageId],
  [`<b>Message-ID:</b> &lt;x1@mail.example.com&gt;<br><b>To:</b> ${ana}`, ana, messageId],
  [`In message <x1@mail.example.com> Ana <${ana}> writes:`, ana, messageId],
  [`In article <x1@news.example.com>, Ana <${ana}> wrote:`, ana, messageId],
  ['X-Attachment-Id: ii_x1@mail.example.com', '', messageId],
  ['news:x1@news.example.com', '', messageId],
  [`RELATED-TO:x1@cal.example.com\nATTENDEE:mailto:${ana}`, ana, { rejected: 'identifier' }],
  [`level=info to=${ana} id=<x1@mail.example.com>`, ana, messageId],
  [
    `1abc-XY <= ${ana} H=mx.example.org [192.0.2.1] P=esmtps id=x1@mail.example.org`,
    ana,
    messageId,
  ],
  [`id=${ana}`, ana],
  ['David <ana@example.com>, George <petr@example.org>', both],
  ['Link: https://lore.example.org/all/x1.fsf@mail.example.com/', '', messageId],
  ['https://lists.example.org/msg/CAF=xyz+1@mail.example.com/', '', messageId],
  ['"internetMessageId": "<x1@prod.example.com>"', '', messageId],
  ['X-MS-TNEF-Correlator: <x1@prod.example.com>', '', messageId],
  ['message:%3Cx1@mail.example.com%3E', '', messageId],
  ['https://www.example.org/message-id/flat/x1@mail.example.com', '', messageId],
  [`Author: <${ana}>`, ana],
  ['https://lore.example.org/?q=ana@example.com', ana],
  ['https://example.com/invitations/ana@example.com', ana],
];

export const otherSystems: readonly PasteCase[] = [
  ['HTTP/web.example.com@EXAMPLE.COM', '', { rejected: 'identifier' }],
  ['krbtgt/EXAMPLE.COM@EXAMPLE.COM', '', { rejected: 'identifier' }],
  ['IMCEAFAX-Ana+40+2B49+20123@example.com', '', { rejected: 'identifier' }],
  ['to: IMCEANOTES-Ana+20Reyes@example.com', '', { rejected: 'identifier' }],
  ['sqlplus scott/tiger@orcl.example.com', '', secret],
  ['expdp -silent scott/tiger@orcl.example.com', '', secret],
  ['curl -u "ana:s3cret@word.example.com" https://api.example.com', '', secret],
  ['amqp://app:s3cret@mq1.example.com:5672,app:s3cret@mq2.example.com:5672/x', '', secret],
  ['amqp://app:s3cret@mq1.example.com, ana@example.com', ana, secret],
  ['curl -u ana@example.com:s3cret https://api.example.com', ana],
];
