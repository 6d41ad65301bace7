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
  /** Whether the text was longer than is searched. */
  readonly truncated: boolean;
}

interface PhoneSearch {
  /** ISO 3166-1 alpha-2 code of the country whose numbers may stand without a prefix. */
  readonly defaultCountry: string;
  /** Where addresses stand, in text order; digits inside them are not phone numbers. */
  readonly addresses: readonly Span[];
}

// Hostile digits take the finder about a second for 32 kB; nobody pastes more numbers than this.
const searchedLength = 16_384;
// What the finder takes for one number is shorter, so one that starts before the end is seen whole.
const longestNumber = 1_024;

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
 * Finds the phone numbers that start in the first 16,384 characters of a text, each once. Loads the
 * package `libphonenumber-js` when it is first called.
 * Throws `invalid_input` for an unknown country, `invalid_options` if that package is not installed.
 */
export async function findPhones(
  text: string,
  { defaultCountry, addresses }: PhoneSearch,
): Promise<FoundPhones> {
  const { findPhoneNumbersInText, isSupportedCountry } = await loadFinder();
  if (!isSupportedCountry(defaultCountry)) {
    const issues = [{ path: 'phones.defaultCountry', message: 'is not a known country code' }];
    throw new OrgUserManagerError('invalid_input', { issues });
  }
  const searched = text.slice(0, searchedLength + longestNumber);
  const urls = Array.from(searched.matchAll(url), ({ index, 0: { length } }) => ({
    index,
    length,
  }));
  const listed = searched
    .replace(separator, '\n')
    .replace(date, (written) => '\n'.repeat(written.length));
  const isInAddress = overlapsAnyOf(addresses);
  const isInUrl = overlapsAnyOf(urls);
  const found = new Map<string, FoundPhone>();
  for (const hit of findPhoneNumbersInText(listed, defaultCountry)) {
    const { number } = hit.number;
    const span = { index: hit.startsAt, length: hit.endsAt - hit.startsAt };
    const isElsewhere = isInAddress(span) || isInUrl(span);
    if (span.index < searchedLength && !isElsewhere && !found.has(number)) {
      found.set(number, { number, ...span });
    }
  }
  return { phones: [...found.values()], truncated: text.length > searchedLength };
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
