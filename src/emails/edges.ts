import type { AddressReason, ReviewReason } from './judge/reasons.ts';
import { unseen, unspaced } from './token.ts';

/** What stands around an at sign: the token, and at most 80 code units on both sides. */
export interface Window {
  /** All of it, with U+0000 where the last token ended. */
  readonly text: string;
  readonly start: number;
  readonly at: number;
  readonly end: number;
}

/** The address in a token once its plain wrappers are gone, with the first doubt about them. */
export interface Trimmed {
  readonly start: number;
  readonly end: number;
  readonly review?: ReviewReason | undefined;
  readonly fault?: AddressReason | undefined;
}

/** An expression at the edge of an address: what it means to drop its match, or to stand beside it. */
type Edge = readonly [at: RegExp, outcome?: Pick<Trimmed, 'review' | 'fault'>];

const glued = { review: 'glued' } as const;
const bad = { fault: 'bad-char' } as const;
const masked = { fault: 'masked' } as const;
const encoded = { fault: 'entity-encoded' } as const;
const sticky = (...sources: readonly string[]) => new RegExp(sources.join('|'), 'uy');
const raw = String.raw;
const color = raw`(?:\x1B|\\u001b|\^\[)\[`;
const key = raw`(?:[\w.-]*[mM]ail[\w.-]*|[A-Z\d_]{2,}|(?:[\w.-]*[._-])?(?:to|cc|bcc|from|path|user|owner)|rcpt|by|e|u|username|uid|login|addr|account|author|actor|contact|sender|recipients?|name|q|admin|text|value|list-id|Return-Path)`;

// Dropped in front of a local part, as long as one of them matches.
const fronts: readonly Edge[] = [
  [sticky(`[${unseen}]+`)],
  [
    sticky(
      raw`(?<=(?<!${color}[\d;]*)[\w.](?:${color}[\d;]*[A-Za-z])*${color}[\d;]*)[\d;]*[A-Za-z]`,
    ),
    encoded,
  ],
  [sticky(raw`(?<=${color}[\d;]*)[\d;]*[A-Za-z]`)],
  [sticky(raw`(?<=\\[^nrtu"\\/\s][^\s"]*\\)(?=\w)`), bad],
  [sticky(raw`(?<=\w\\)(?:u00|x)(?:2[347abde]|3\d|5f)`), encoded],
  [sticky(raw`(?<=[\w:](?<!\\[nrt])\\+)[nrtv]`), glued],
  [
    sticky(
      raw`(?<=\\)(?:[nrtv]|u(?:00[0-3a]|2[\da-f]{2}|30[\da-f])[\da-f]|ud[89ab][\da-f]{2}|x[0-3][\da-f])`,
    ),
  ],
  [sticky(raw`(?<=\\)u[\da-f]{4}`), encoded],
  [sticky(raw`(?<=\w\\)(?!\/)`), bad],
  [sticky(raw`[^@]*%(?:0[9ADad]|2[0267Cc]|3[A-Fa-f])`), { review: 'percent-sign' }],
  [sticky(raw`[^@]*=(?:3D|20|09|3C|22|27)`), glued],
  [sticky(raw`(?:[^@]*(?:[^\w.@-]|--))?${key}(?:\[\])?=+(?=[^=@]+@)`, raw`=+(?=[^=@]+@)`)],
  [sticky(raw`[^@]*[?&][\w.-]+(?:\[\])?=(?=[^=@]+@)`)],
  [sticky(raw`[^@]*=(?=[^=@]*@)`), glued],
  [sticky(raw`[^@]*\}(?=[-_.+@])`), bad],
  [sticky(raw`(?<=^|[\0\s"'([<>,;:])(?:\/|[|{]+)(?=[^|/{}?@]+@)`)],
  [sticky(raw`\/\/[^@]*#|(?<=:\/\/[^\s"'<>]*:)\d+#`, raw`[^@]*[|/?{}]`), glued],
  [sticky(raw`(?<!')[A-Za-z]{1,2}'(?=[^'@]+@[\w.-]+')`, raw`'+`)],
  [
    sticky(
      '([*`]+)(?=[^@]*@[\\w.-]+\\1)',
      raw`_+(?=[^_][^@]*@[\w.-]*_)`,
      raw`(?<=^|[\0\s])\*(?!\*)`,
    ),
  ],
  [sticky(raw`\*{2,}`), masked],
  [sticky('(?!%[89A-F][\\dA-F])[*`~#!$%^&]+'), glued],
  [
    sticky(
      raw`(?<=(?:^|\n)[ \t]*)[\d\uFF10-\uFF19]{1,3}[.)\uFF0E](?=[\p{L}\d][^\n]*\n[ \t]*[\d\uFF10-\uFF19]{1,3}[.)\uFF0E])`,
      raw`(?<=(?:^|\n)[ \t]*[\d\uFF10-\uFF19]{1,3}[.)\uFF0E][^\n]*\n[ \t]*)[\d\uFF10-\uFF19]{1,3}[.)\uFF0E](?=[\p{L}\d])`,
    ),
    glued,
  ],
  [
    sticky(raw`[^@]*[${unspaced}\u3005\u30FC][${unseen}]*(?=[\x21-\x7E\uFF01-\uFF5E${unseen}]+@)`),
    { review: 'script-change' },
  ],
];

const stops = raw`\p{Ps}\p{Pe}\p{Pi}\p{Pf}\u0387\u0589\u055D\u060C\u061B\u061F\u06D4\u0964\u0F0B-\u0F12\u104A\u104B\u1361-\u1368\u17D4\u17D5\u2013\u2014\u2026\u3001-\u3003\u30FB\uFF01\uFF02\uFF07-\uFF09\uFF0C\uFF0F\uFF1A-\uFF20\uFF3B-\uFF3D\uFF5B-\uFF5D\uFF5F-\uFF65\u00A1\u00BF`;
const bullets = raw`\u00B7\u2022-\u2023\u2043\u2190-\u21FF\u2219\u25A0-\u25FF\u2605\u2606\u2713-\u2716\u27A2\u27A4`;

// What may stand directly in front: the first that matches decides.
const besides: readonly Edge[] = [
  [sticky('(?<=^|\\0)', raw`(?<=(?:^|[\0\s\p{Cf}])[${bullets}]\uFE0F?)`)],
  [
    sticky(
      raw`(?<=[\u2022\u25CF\u00B7\u25A0\u25CB\u2605\u2606\u00D7\u2591\u25E6\u2B24\u2716\uFF0A]{2,})`,
    ),
    masked,
  ],
  [
    sticky(
      raw`(?<=[\p{L}\p{N}][\u0080-\u0084\u0086-\u009F\u201A\u201E\u2018\u2019\u02B9\u2032\u00B4\u2010-\u2012\u2212\u00B7\u2022\u25CF\p{No}\uFFFD]+)`,
    ),
    bad,
  ],
  // A tag, a bracket, a quote, a time, a folded line or a hyphen in the middle of a word.
  [
    sticky(
      raw`(?<=[\p{L}\p{N}](?<!\bE)<[/!]?[A-Za-z-][^<>]*>)`,
      raw`(?<=[\p{L}\p{N}%$.][([{][^()[\]{}]*[)\]}]|[([{](?:\.|dot)[)\]}]\s)`,
      raw`(?<=(?:^|[^"])[\p{L}\p{N}]+\\?"|(?<!\p{L})\p{L}\u2026|\d:(?=\d))`,
      raw`(?<=(?:^|\n)[^\r\n]{60,76}[\w.+-]\r?\n[ \t]|\w[.+_-]\r?\n[ \t])`,
      raw`(?<=:\/\/[^\s"'<>,;|()[\]]*:)`,
      raw`(?<=(?<![\w.])\w+(?:\.\w+)+-\r?\n)`,
    ),
    glued,
  ],
  [
    sticky(
      raw`(?<=[\s\p{Cc}${unseen},;:"'()<>[\]{}${stops}])`,
      raw`(?<=\\)(?='[^@]*@[\w.-]*\\+')|(?<='\\)(?='')`,
    ),
  ],
  [sticky(''), glued],
];

// What may stand directly behind: the first that matches decides.
const behinds: readonly Edge[] = [
  [
    sticky(
      raw`[\u2010\u2011\u2024\u2212\uFE52\uFE63][\p{L}\p{N}]`,
      raw`(?<=@[^@]*\.\w+)[([{](?:\.|dot)[)\]}][\p{L}\p{N}]`,
    ),
    { fault: 'bad-label' },
  ],
  [sticky(raw`(?<!\*[^@]*@[^@]*)[*\u2022\u25CF]{2}`), masked],
  [sticky(`[${unseen}]*(?!\\p{P})[${unspaced}]`), { review: 'script-change' }],
  [
    sticky(
      raw`<\/?(?!(?:br|p|td|tr|th|li|div|a|script)\b)[A-Za-z!][^<>]*>[.-]*[\p{L}\p{N}]`,
      raw`(?:\x1B\[[\d;]*[A-Za-z])+[\w.]|\r?\n[ \t]?\.[a-z]{2}\b|(?<=[^\n]{60})\r?\n[ \t][\w.-]`,
    ),
    glued,
  ],
  [
    sticky(
      raw`$|[\s\p{Cc}${unseen},;:!)\]}>"'([{<${stops}]|(?<=([*\x60])[^@]*@[^@]*)\1`,
      raw`\?(?:$|\W|\w+(?:=|\s))|[/|](?:$|[\s>|]|[\w.+-]+@[\w-]+\.)|(?<=E)<gt>`,
      raw`\\(?:[nrtv"'\\]|u(?:00[0-3a]|2[\da-f]|30)[\da-f]|x[23][\da-f])`,
      raw`&(?:#?\w+;|[\w.-]+(?:\[\])?=)`,
    ),
  ],
  [sticky(''), glued],
];

/** Trims what wraps the address of a token, and looks at what stands directly beside it. */
export function trimEdges({ text, start, at, end }: Window): Trimmed {
  const front = dropFront(text, start);
  const perl = text.startsWith('E<gt>', end - 1) ? 1 : 0;
  const dots = trailing.exec(text.slice(at + 1, end - perl))?.[0] ?? '';
  const isOpen = dots.includes('_') && !text.slice(start, front.from).includes('_');
  const entity = text.charAt(end) === '&' ? entityBehind.exec(text.slice(end)) : null;
  const behind = entity
    ? spelledBeside(behinds, text.slice(0, end), entity)
    : match(behinds, text, end)?.[1];
  const odd = dots.includes('-') || isOpen ? glued : undefined;
  const outcomes: Edge[1][] = [...front.outcomes, behind, odd];
  const fault = outcomes.find((outcome) => outcome?.fault)?.fault;
  const review = outcomes.find((outcome) => outcome?.review)?.review;
  return { start: front.from, end: end - perl - dots.length, fault, review };
}

function dropFront(text: string, start: number): { from: number; outcomes: Edge[1][] } {
  ordinary.lastIndex = start;
  const steps = ordinary.test(text) ? [] : fronts;
  const outcomes: Edge[1][] = [];
  let from = start;
  for (let edge = match(steps, text, from); edge; edge = match(steps, text, from)) {
    outcomes.push(edge[1]);
    if (edge[1]?.fault) break;
    from = edge[0].lastIndex;
  }
  // Behind a key such as `email=`, and behind an escape, nothing else counts.
  if (from === start || !/=|^[nrtuvx]/.test(text.slice(start, from))) {
    const isSpelled = text.charAt(start - 1) === ';';
    const entity = isSpelled ? entityBefore.exec(text.slice(0, start)) : null;
    const lead = text.slice(0, entity?.index ?? start);
    outcomes.push(entity ? spelledBeside(besides, lead, entity) : match(besides, text, start)?.[1]);
  }
  return { from, outcomes };
}

const entityBefore = /&(?:amp;)*(#?)(\w{1,24});$/;
const inWords = /[\p{L}\p{M}\p{N}.+_'-]/u;
const entityBehind = /^&(?:amp;)*(#?)(\w{1,24});(?=[.-]*[\p{L}\p{N}])/u;
const plainEntities = new Set(
  'amp nbsp lt gt quot apos lsquo rsquo ldquo rdquo sbquo bdquo laquo raquo lsaquo rsaquo mdash ndash hellip bull middot lpar rpar lsqb rsqb comma semi colon newline tab larr rarr ensp emsp thinsp zwj zwnj'.split(
    ' ',
  ),
);

// An entity counts as the character that it spells: what is no wrapper belongs to a longer word.
function spelledBeside(edges: readonly Edge[], lead: string, entity: RegExpExecArray): Edge[1] {
  const [, mark, name = ''] = entity;
  const code = Number(name.replace(/^x/i, '0x'));
  if (mark === '') return plainEntities.has(name.toLowerCase()) ? undefined : encoded;
  const spelled = code <= 0x10ffff ? String.fromCodePoint(code) : 'x';
  const isBefore = edges === besides;
  const outcome = match(edges, lead + spelled, lead.length + (isBefore ? spelled.length : 0));
  return outcome?.[1] && (inWords.test(spelled) ? encoded : glued);
}

// Nothing of it can be a wrapper, nor what an escape or a color ends with.
const ordinary = /(?<![\\[;]|\n[ \t]*)[A-Za-z][A-Za-z\d.+-]*@/y;
const trailing = new RegExp(raw`[._\-\u3002\uFF0E\uFF61${unseen}]+$`, 'u');

function match(edges: readonly Edge[], text: string, from: number): Edge | undefined {
  return edges.find(([at]) => {
    at.lastIndex = from;
    return at.test(text);
  });
}
