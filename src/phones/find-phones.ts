import { OrgUserManagerError } from '../errors/index.ts';

/** A phone number found in a text. */
export interface FoundPhone {
  /** In E.164 form, such as `+14155552671`. */
  readonly number: string;
  /** Where it stands in the text, and how long it is there, in UTF-16 code units. */
  readonly index: number;
  /** How much of the text it takes, in UTF-16 code units. */
  readonly length: number;
}

/** A stretch of the text. */
export interface Span {
  readonly index: number;
  readonly length: number;
}

/** What a text holds. */
interface FoundPhones {
  /** In text order, each once. */
  readonly phones: readonly FoundPhone[];
  /** Whether the search stopped before the end of the text. */
  readonly truncated: boolean;
}

interface PhoneSearch {
  /** ISO 3166-1 alpha-2 code of the country whose numbers may stand without a prefix. */
  readonly defaultCountry: string;
  /** Where addresses stand, in text order; digits inside them are not phone numbers. */
  readonly addresses: readonly Span[];
}

// One candidate costs the finder 1 to 60 microseconds, so 2,000 of them at most 120 milliseconds.
const freeTries = 100;
const unitsPerTry = 16;
const maxTries = 2_000;
const maxFound = 1_000;

// No number holds such a run, and the finder takes the square of its length in a candidate.
const longRun = /\p{Nd}{21,}|[ \u00A0\t-]{21,}/gu;

// The finder takes a comma and what follows for an extension, and loses the next number of a list.
const separator = /[,;\uFF0C\uFF1B\u3001\u060C\u061B]/g;

// The finder knows dates with slashes only, and takes `22.03.2026 09:14` for a number.
const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const month = '(?:0?[1-9]|1[0-2])';
const year = String.raw`(?:19|20)\d\d`;
const date = new RegExp(
  String.raw`(?<![\d.\/-]|\+\d{1,3} )(?:${day}([.-])${month}\1${year}|${year}([.-])${month}\2${day}|${day}\.${month}\.\d\d)(?![.\/-]?\d)`,
  'g',
);

// Browsers show URLs without their scheme.
const url = /(?::\/\/|\bwww\.|[a-z\d]\.[a-z]{2,63}\/)[^\s,;<>"]*/gi;

/**
 * Finds the phone numbers of a text, each once, until it has tried its candidates: one failure for
 * every 16 characters and 100 more, at most 2,000; and 1,000 numbers. Loads the package
 * `libphonenumber-js` when it is first called.
 * Throws `invalid_input` for an unknown country, `invalid_options` if that package is not installed.
 */
export async function findPhones(
  text: string,
  { defaultCountry, addresses }: PhoneSearch,
): Promise<FoundPhones> {
  const { PhoneNumberMatcher, isSupportedCountry } = await loadFinder();
  if (!isSupportedCountry(defaultCountry)) {
    const issues = [{ path: 'phones.defaultCountry', message: 'is not a known country code' }];
    throw new OrgUserManagerError('invalid_input', { issues });
  }
  const urls = Array.from(text.matchAll(url), ({ index, 0: { length } }) => ({ index, length }));
  const isInAddress = overlapsAnyOf(addresses);
  const isInUrl = overlapsAnyOf(urls);
  // The types of the package leave out `maxTries`, which its Java original has as well.
  const search = { defaultCountry, v2: true, maxTries: triesFor(text) } as const;
  const matcher = new PhoneNumberMatcher(toLines(text), search);
  const phones = new Map<string, FoundPhone>();
  let found = 0;
  for (; found < maxFound && matcher.hasNext(); found++) {
    const hit = matcher.next();
    if (!hit) break;
    const { number } = hit.number;
    const span = { index: hit.startsAt, length: hit.endsAt - hit.startsAt };
    const isElsewhere = isInAddress(span) || isInUrl(span);
    if (!isElsewhere && !phones.has(number)) phones.set(number, { number, ...span });
  }
  return { phones: [...phones.values()], truncated: matcher.hasNext() || isSpent(matcher) };
}

function triesFor({ length }: string): number {
  return Math.min(freeTries + Math.ceil(length / unitsPerTry), maxTries);
}

/** Whether the finder gave up, so that it may have left out candidates. */
function isSpent(matcher: object): boolean {
  return Number(Object.getOwnPropertyDescriptor(matcher, 'maxTries')?.value) <= 0;
}

/** Puts line breaks, which end every candidate, in the place of what no number holds. */
function toLines(text: string): string {
  const asLines = (written: string) => '\n'.repeat(written.length);
  return text.replace(separator, '\n').replace(date, asLines).replace(longRun, asLines);
}

async function loadFinder() {
  try {
    return await import('libphonenumber-js/min');
  } catch (cause) {
    const message = 'has to be installed to find phone numbers';
    const issues = [{ path: 'libphonenumber-js', message }];
    throw new OrgUserManagerError('invalid_options', { issues }, { cause });
  }
}

/** Tells of one span after the other, in text order, whether it overlaps any of these in text order. */
function overlapsAnyOf(spans: readonly Span[]): (span: Span) => boolean {
  let passed = 0;
  return ({ index, length }) => {
    for (let next = spans[passed]; next; next = spans[++passed]) {
      const start = next.index;
      if (start + next.length > index) return start < index + length;
    }
    return false;
  };
}
