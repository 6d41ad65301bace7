import type { PasteCase } from '../paste-case.ts';

const ana = 'ana@example.com';
const both = 'ana@example.com petr@example.org';
const badChar = { rejected: 'bad-char' };
const encoded = { rejected: 'entity-encoded' };
const messageId = { rejected: 'message-id' };
const secret = { rejected: 'userinfo-url' };

export const spelledSigns: readonly PasteCase[] = [
  ['We met [...] ana@example.com (Sales) petr@example.org', both],
  ['[1]ana@example.com (2)petr@example.org', both],

  ['12:03 ana@example.com, room 12:petr@example.org', both],

  ['{"to":"{\\"mail\\":\\"ana@example.com\\"}"}', ana],

  ['m\u0081ller@example.com', '', badChar],
  ['\u0095ana@example.com \u0093petr@example.org\u0094', both],
];

export const writtenTwice: readonly PasteCase[] = [
  ['m&amp;uuml;ller@example.com', '', encoded],
  ['R&amp;amp;D@example.com', '', encoded],
  ['&amp;lt;ana@example.com&amp;gt;', ana],
  ['ana&ZeroWidthSpace;reyes@example.com', '', encoded],
  ['Gr=FC=DFe@example.com', '', encoded],

  ['user=ana@example.com to=Ed@example.org', 'ana@example.com Ed@example.org'],
  ['to=ED@example.org', 'ED@example.org'],

  ['%3Cana@example.com%3E %ana@example.com', ana, { review: 'ana@example.com' }],
];

export const comments: readonly PasteCase[] = [['<!-- people -->ana@example.com<!-- end -->', ana]];

export const otherEncodings: readonly PasteCase[] = [
  ['mÂ·ller@example.com', '', badChar],

  ['Å‚kasz@example.com', '', badChar],

  ['â€œana@example.comâ€', '', { rejected: 'unknown-tld' }],

  ['ï»¿ana@example.com;Â«petr@example.org', both],

  ['u"ana@example.com", b"petr@example.org"', both, { review: 'ana@example.com petr@example.org' }],
];

export const templates: readonly PasteCase[] = [
  ['[a-z]+@example.com', '', badChar],
  ['$ana@example.com, $petr@example.org', both, { review: 'ana@example.com petr@example.org' }],
];

export const hyphenation: readonly PasteCase[] = [
  ['ana@example.com-\npetr@example.org', both, { review: 'ana@example.com' }],
  ['ana@example.com-\r\npetr@example.org', both, { review: 'ana@example.com' }],
  ['These people-\nana@example.com', ana],

  ['ana@example.com\n.br\npetr@example.org', both, { review: 'ana@example.com' }],
];

export const idsInText: readonly PasteCase[] = [
  [`Message ID\t<x1@mail.example.com>\nCreated at:\tMon\nTo:\t${ana}`, ana, messageId],
  [`<b>Message-ID:</b> &lt;x1@mail.example.com&gt;<br><b>To:</b> ${ana}`, ana, messageId],
  [`In message <x1@mail.example.com> Ana <${ana}> writes:`, ana, messageId],
  [`In article <x1@news.example.com>, Ana <${ana}> wrote:`, ana, messageId],

  ['news:x1@news.example.com', '', { rejected: 'identifier' }],
  [`RELATED-TO:x1@cal.example.com\nATTENDEE:mailto:${ana}`, ana, { rejected: 'identifier' }],
  [`level=info to=${ana} id=<x1@mail.example.com>`, ana, messageId],

  [`id=${ana}`, ana, { review: 'ana@example.com' }],
  ['David <ana@example.com>, George <petr@example.org>', both],
  ['Link: https://lore.example.org/all/x1.fsf@mail.example.com/', '', messageId],
  ['https://lists.example.org/msg/CAF=xyz+1@mail.example.com/', '', messageId],
  ['"internetMessageId": "<x1@prod.example.com>"', '', messageId],

  ['https://www.example.org/message-id/flat/x1@mail.example.com', '', messageId],
  [`Author: <${ana}>`, ana],
  ['https://lore.example.org/?q=ana@example.com', ana],
  ['https://example.com/invitations/ana@example.com', ana, { review: 'ana@example.com' }],
];

export const otherSystems: readonly PasteCase[] = [
  ['HTTP/web.example.com@EXAMPLE.COM', '', { rejected: 'identifier' }],
  ['krbtgt/EXAMPLE.COM@EXAMPLE.COM', '', { rejected: 'identifier' }],

  ['sqlplus scott/tiger@orcl.example.com', '', secret],
  ['expdp -silent scott/tiger@orcl.example.com', '', secret],
  ['curl -u "ana:s3cret@word.example.com" https://api.example.com', '', secret],
  [
    'amqp://app:s3cret@mq1.example.com:5672,app:s3cret@mq2.example.com:5672/x',
    '',
    { rejected: 'userinfo-url userinfo-url' },
  ],
  ['amqp://app:s3cret@mq1.example.com, ana@example.com', ana, secret],
  ['curl -u ana@example.com:s3cret https://api.example.com', ana],
];
