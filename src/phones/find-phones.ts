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

interface PhoneSearch {
  /** ISO 3166-1 alpha-2 code of the country whose numbers may stand without a prefix. */
  readonly defaultCountry: string;
  /** Where addresses stand; digits inside them are not phone numbers. */
  readonly addresses: readonly Span[];
}

// Hostile digits take the finder about a second for 32 kB; nobody pastes more numbers than this.
const searchedLength = 16_384;

/**
 * Finds phone numbers in the first 16,384 characters of a text, each once. Loads the package
 * `libphonenumber-js` when it is first called.
 * Throws `invalid_input` for an unknown country, `invalid_options` if that package is not installed.
 */
export async function findPhones(
  text: string,
  { defaultCountry, addresses }: PhoneSearch,
): Promise<readonly FoundPhone[]> {
  const { findPhoneNumbersInText, isSupportedCountry } = await loadFinder();
  if (!isSupportedCountry(defaultCountry)) {
    const issues = [{ path: 'phones.defaultCountry', message: 'is not a known country code' }];
    throw new OrgUserManagerError('invalid_input', { issues });
  }
  const found = new Map<string, FoundPhone>();
  for (const { number, startsAt, endsAt } of findPhoneNumbersInText(
    text.slice(0, searchedLength),
    defaultCountry,
  )) {
    const span = { index: startsAt, length: endsAt - startsAt };
    const elsewhere = addresses.some((address) => overlap(address, span)) || isInUrl(text, span);
    if (!elsewhere && !found.has(number.number)) {
      found.set(number.number, { number: number.number, ...span });
    }
  }
  return [...found.values()];
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

function overlap(a: Span, b: Span): boolean {
  return a.index < b.index + b.length && b.index < a.index + a.length;
}

/** Whether the word that the span stands in is a URL. */
function isInUrl(text: string, { index }: Span): boolean {
  const before = text.slice(Math.max(0, index - 200), index);
  return /:\/\/\S*$/.test(before);
}
