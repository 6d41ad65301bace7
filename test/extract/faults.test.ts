import { extractEmails } from 'org-user-manager/extract';
import { expect, it } from 'vitest';

// Found in real texts; each stands for its kind.
const review = (address: string) => ({ verdict: 'review', address });
const ok = (address: string, display?: string) => ({
  verdict: 'ok',
  address,
  ...(display && { display }),
});
const rejected = (reason: string, raw?: string) => ({
  verdict: 'rejected',
  reason,
  ...(raw && { raw }),
});

it.each([
  ['Füñ <odd_?=mail@example.com>', [rejected('entity-encoded', 'odd_?=mail@example.com')]],
  ['Ana <x|y@example.com>', [rejected('no-domain', 'x|y@example.com')]],
  ['T G <tag ger@example.com>', [rejected('bad-char', 'tag ger@example.com')]],
  ['~ana/devel@lists.example.org', [review('devel@lists.example.org')]],
  ['hr/emea@example.com', [review('emea@example.com')]],
  ['john=doe@example.com', [review('doe@example.com')]],
  ['$bill@example.com', [review('bill@example.com')]],
  ['ad\uFE0Fmin@example.com', [ok('admin@example.com')]],
  ['ana\\ reyes@example.com', [rejected('bad-char')]],
  ["ana@example.com'@example.org", [rejected('double-at', "ana@example.com'@example.org")]],
  ['ana@example.com?=@example.org', [rejected('double-at')]],
  ['ana@example.com/@example.org', [rejected('double-at')]],
  ['ana@example.com=@example.org', [rejected('double-at')]],
  ['ana@example.com&@example.org', [rejected('double-at')]],
  ['ana@example.com#@example.org', [rejected('double-at')]],
  ['ana@example.com!@example.org', [rejected('double-at')]],
  ['ana@example.com|petr@example.org', [ok('ana@example.com'), ok('petr@example.org')]],
  ['ana@example.com/petr@example.org', [ok('ana@example.com'), ok('petr@example.org')]],
  [
    '=?utf-8?q?a@example.com?=@example.org',
    [rejected('entity-encoded'), rejected('entity-encoded')],
  ],
  ['=?utf-8?q?x?=foo@example.org', [rejected('entity-encoded')]],
  ['Ana Reyes E<lt>ana@example.comE<gt>', [ok('ana@example.com')]],
  ['E<lt>ana@example.moE<gt>', [ok('ana@example.mo')]],
  ['E<lt>ana@example.carE<gt>', [ok('ana@example.car')]],
  ['E<lt>ana@example.glE<gt>', [ok('ana@example.gl')]],
  ['"odd=name" <a=b@example.com>', [ok('a=b@example.com')]],
  ['<#####@example.com>', [rejected('bad-char', '#####@example.com')]],
  [
    '4969+bot[bot]@users.noreply.example.com',
    [rejected('bad-char', '4969+bot[bot]@users.noreply.example.com')],
  ],
  ['with SMTP id <01BB33D6.1DC9@mx.example.com>', [rejected('message-id')]],
  [
    'Cf. <2024.GA11561@mail.example.net>,\n<CA+EO=4a@mail.example.com>',
    [rejected('message-id'), rejected('message-id')],
  ],
  ["'UID:1-2@calendar.example.com'", [rejected('identifier')]],
  ['  UID:1-2@calendar.example.com', [rejected('identifier')]],
  ['<ML name>-admin@example.org', [rejected('bad-char')]],
  [
    '1.ana@example.com\n2.petr@example.org',
    [review('ana@example.com'), review('petr@example.org')],
  ],
  ['ana\\_reyes@example.com', [ok('ana_reyes@example.com')]],
  ["- 'Ana Reyes <a@example.com>'", [ok('a@example.com', 'Ana Reyes')]],
  [
    "['Ana <a@example.com>', 'Petr <p@example.com>']",
    [ok('a@example.com', 'Ana'), ok('p@example.com', 'Petr')],
  ],
  ['uid  [ultimate] Ana Reyes <a@example.com>', [ok('a@example.com', 'Ana Reyes')]],
  ['by Ana Reyes F<a@example.com>', [ok('a@example.com', 'Ana Reyes')]],
  ['net-tools Team <a@example.com>', [ok('a@example.com', 'net-tools Team')]],
  ['ACME.  (Ana Reyes <a@example.com>)', [ok('a@example.com', 'Ana Reyes')]],
  ['Author: brian m. reyes <a@example.com>', [ok('a@example.com', 'brian m. reyes')]],
  // What stands directly beside decides: only a plain wrapper leaves the verdict `ok`.
  ['ana&#46;reyes@example.com', [rejected('entity-encoded')]],
  ['ana&#x2e;reyes@example.com', [rejected('entity-encoded')]],
  ['ana&ZeroWidthSpace;reyes@example.com', [rejected('entity-encoded')]],
  ['&lt;ana@example.com&gt;', [ok('ana@example.com')]],
  ['&#60;ana@example.com&#62;', [ok('ana@example.com')]],
  ['ana\\x2ereyes@example.com', [rejected('entity-encoded')]],
  ["\\'e9ric@example.com", [review('e9ric@example.com')]],
  ["\\'ana@example.com\\'", [ok('ana@example.com')]],
  ['ana.\n reyes@example.com', [review('reyes@example.com')]],
  ['ana-\r\n\treyes@example.com', [review('reyes@example.com')]],
  ['ana@example.com\n .au', [review('ana@example.com')]],
  ['ana\uFF06reyes@example.com', [review('reyes@example.com')]],
  ['https://host.example:8080#ana@example.com', [review('ana@example.com')]],
  ['https://host.example#ana@example.com', [review('ana@example.com')]],
  ['IMCEAFAX-Ana+40+2B49@example.com', [rejected('identifier')]],
  ['to: IMCEANOTES-Ana@example.com', [rejected('identifier')]],
  ['Message-ID:  x1@mail.example.com', [rejected('message-id')]],
  ['Message-ID:\tx1@mail.example.com', [rejected('message-id')]],
  ['X-Attachment-Id: f_x1@mail.example.com', [rejected('message-id')]],
  ['X-MS-TNEF-Correlator:\n <x1@mail.example.com>', [rejected('message-id')]],
  ["message_id '<x1@mail.example.com>'", [rejected('message-id')]],
  ['mailto:ana%252B@example.com', [review('ana%2B@example.com')]],
  ['Email-Id: ana@example.com', [ok('ana@example.com')]],
  ['postgres://app:s3,cret@db.example.com', [rejected('userinfo-url')]],
  ['jdbc:oracle:thin:scott/tiger@db.example.com:1521:orcl', [rejected('userinfo-url')]],
])('reads %j', (text, expected) => {
  expect(extractEmails(text).entries).toMatchObject(expected);
});

it.each([undefined, null, 7, {}, ['ana@example.com'], new String('ana@example.com')])(
  'refuses %j, which is no string, with the typed error',
  (text) => {
    const call = () => Reflect.apply(extractEmails, undefined, [text]);
    expect(call).toThrow(expect.objectContaining({ code: 'invalid_options' }));
  },
);

it.each(['\uD800'.repeat(1000), '\0'.repeat(1000), 'a'.repeat(16_000_000), '@'.repeat(100_000)])(
  'reports nothing and throws nothing for text without addresses (%#)',
  (text) => {
    expect(extractEmails(text).totals).toMatchObject({ ok: 0, review: 0 });
  },
);
