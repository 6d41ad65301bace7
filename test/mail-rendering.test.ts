import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderInvitation } from '../src/mail/render-invitation.ts';

const link = 'https://app.acme.example.com/org/invite#a.b-c_d';
const invitation = {
  organizationName: 'Acme',
  inviterName: 'Robin',
  role: 'member',
  link,
  expiresAt: Date.UTC(2030, 0, 8, 12, 5),
  timeZone: 'Europe/Berlin',
} as const;

const prefix = 'You are invited to join ';
const shownAs = (organizationName: string) =>
  renderInvitation({ ...invitation, organizationName }).subject.slice(prefix.length);

describe('an invitation mail', () => {
  it('says who invites to what, as which role, and until when', () => {
    expect(renderInvitation(invitation).text).toBe(
      [
        'You are invited by Robin to join Acme as a member.',
        `Open this link to accept or decline:\n${link}`,
        untilLine(),
        'If you did not expect this, you can ignore it.\n',
      ].join('\n\n'),
    );
  });

  it('says the same in both bodies', () => {
    const { text, html } = renderInvitation({ ...invitation, role: 'admin' });
    const words = (body: string) => body.replace(/\s+/g, ' ');
    const visible = words(html.replace(/<head>.*<\/head>/s, '').replace(/<[^>]*>/g, ''));
    for (const sentence of [
      'You are invited by Robin to join Acme as an admin.',
      untilLine(),
      'If you did not expect this, you can ignore it.',
      link,
    ]) {
      expect(words(text)).toContain(sentence);
      expect(visible).toContain(sentence);
    }
  });

  it('names nobody when nobody in particular invited', () => {
    const { text, html } = renderInvitation({ ...invitation, inviterName: null });
    expect(text).toMatch(/^You are invited to join Acme as a member\./);
    expect(html).toContain('You are invited to join <strong');
    expect(renderInvitation({ ...invitation, inviterName: '\u200b ' }).text).toBe(text);
  });

  it('tells the expiry in the organization’s zone, with the zone’s name', () => {
    const inZone = (timeZone: string, expiresAt: number) =>
      renderInvitation({ ...invitation, timeZone, expiresAt }).text;
    expect(inZone('UTC', Date.UTC(2030, 6, 1, 23, 30))).toMatch(/1 July 2030.* 23:30 \(UTC\)/);
    expect(inZone('Asia/Kolkata', Date.UTC(2030, 6, 1, 23, 30))).toMatch(
      /2 July 2030.* 05:00 \(Asia\/Kolkata\)/,
    );
    expect(inZone('Europe/Berlin', Date.UTC(2030, 2, 31, 0, 59))).toContain('01:59 (Europe');
    expect(inZone('Europe/Berlin', Date.UTC(2030, 2, 31, 1, 0))).toContain('03:00 (Europe');
  });

  it('fetches nothing and runs nothing: one target, no image, no style sheet, no script', () => {
    const { html } = renderInvitation(invitation);
    expect(new Set(html.match(/https?:[^"<\s]*/g))).toEqual(new Set([link]));
    expect(html).not.toMatch(/<(img|link|style|script|iframe|form)|\ssrc=|url\(|@import/i);
  });

  it('escapes the link', () => {
    const { html } = renderInvitation({ ...invitation, link: `${link}?a=1&b="><i>` });
    expect(html).toContain('?a=1&amp;b=&quot;&gt;&lt;i&gt;');
    expect(html).not.toContain('<i>');
  });
});

describe('a name in a mail', () => {
  it.each([
    ['http://evil.example', 'http: / /evil. example'],
    ['evil.example', 'evil. example'],
    ['www.evil.example/path?x=1', 'www. evil. example/path?x=1'],
    ['robin@evil.example', 'robin@ evil. example'],
    ['mailto:robin', 'mailto: robin'],
    ['//evil', '/ /evil'],
    ['\\\\evil\\share', '\\ \\ evil\\ share'],
    ['evil\u200b.\u2060example', 'evil. example'],
    ['evil。example evil．example evil｡example', 'evil。 example evil． example evil｡ example'],
    ['http：／／evil', 'http： ／ ／evil'],
    ['127.0.0.1:8080', '127. 0. 0. 1: 8080'],
  ])('cannot become a link: %j', (name, shown) => {
    expect(shownAs(name)).toBe(shown);
  });

  it.each([
    'Acme Inc.',
    'AC/DC',
    'Acme Inc., Ltd.',
    'שלום עולם',
    '株式会社',
    'O’Neil & Sons',
    'Zoë',
  ])('stays as it is when it is harmless: %s', (name) => {
    expect(shownAs(name)).toBe(name);
  });

  it('is one line without invisible characters', () => {
    expect(shownAs('A\r\nBcc: x\u0000\u2028B\tC')).toBe('A Bcc: x B C');
    expect(shownAs('\u202Eemca\u202C \u2066x\u2069 \uFEFFy \u3164z \uDC00')).toBe('emca x y z');
  });

  it('is cut at 100 characters, never inside one', () => {
    expect(Array.from(shownAs('x'.repeat(100)))).toHaveLength(100);
    expect(shownAs('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`);
    expect(shownAs('😀'.repeat(200))).toBe(`${'😀'.repeat(99)}…`);
    expect(Array.from(shownAs('a.'.repeat(5000))).length).toBeLessThanOrEqual(100);
  });

  it('leaves general words when nothing of it is visible', () => {
    expect(shownAs('\u200b\u202e ')).toBe('an organization');
  });

  it('brings neither markup nor a header nor a link, whatever it is', () => {
    const tags = (html: string) => html.match(/<[^>]*>/g);
    const benign = renderInvitation(invitation);
    fc.assert(
      fc.property(hostileName, hostileName, (organizationName, inviterName) => {
        const mail = renderInvitation({
          ...invitation,
          organizationName,
          inviterName: `x${inviterName}`,
        });
        expect(tags(mail.html)).toEqual(tags(benign.html));
        expect(mail.subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(mail.text.split('\n')).toHaveLength(benign.text.split('\n').length);
        expect(Array.from(mail.subject).length).toBeLessThanOrEqual(prefix.length + 100);
        for (const part of [
          mail.subject,
          mail.text,
          unescaped(mail.html.replace(/<[^>]*>/g, '')),
        ]) {
          for (const pattern of linkified) expect(part.replaceAll(link, '')).not.toMatch(pattern);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

// Written from what linkifiers accept, not from what the code does.
const dot = '[.\u2024\u3002\uFE52\uFF0E\uFF61]';
const label = '[\\p{L}\\p{N}\\p{M}\\p{S}_-]';
const linkified = [
  new RegExp(`${label}${dot}${label}`, 'u'),
  new RegExp(`www${dot}${label}`, 'iu'),
  /\p{L}[\p{L}\p{N}+.-]*[:：][\p{L}\p{N}/\\?#]/u,
  /[\p{L}\p{N}][@＠][\p{L}\p{N}]/u,
  /[/／]{2}/u,
  /\\\\/u,
];

const hostileName = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        ...[
          'http://',
          'https:',
          '//',
          '\\\\',
          'www.',
          'evil.example',
          '.',
          '..',
          '@',
          ':',
          'mailto:',
        ],
        ...['<', '>', '"', "'", '&', '&#46;', '<script>', '</title>', '<!--', '\r\n', '\n', '\0'],
        ...[
          '\u200b',
          '\u202e',
          '\u2066',
          '\u2028',
          '\ufeff',
          '\u00ad',
          '。',
          '．',
          '：',
          '／',
          '＠',
        ],
        ...['a', 'com', ' ', '-', '_', '😀', 'é', 'e\u0301', 'x'.repeat(95)],
      ),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

function unescaped(html: string): string {
  const entities: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  };
  return html.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? '');
}

/** Runtimes differ in the commas of a date, so the line is checked by pattern. */
function untilLine(): string {
  const { text } = renderInvitation(invitation);
  const line = /^The link works until .*$/m.exec(text)?.[0] ?? '';
  expect(line).toMatch(/ Tuesday,? 8 January 2030,? at 13:05 \(Europe\/Berlin\)\.$/);
  return line;
}
