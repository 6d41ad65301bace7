import type { InputIssue } from '../errors/index.ts';

/** An object or list that the scanner is in. */
interface Level {
  readonly keys: Set<string>;
  /** The key or index where the scanner is. */
  place: string | number;
}

// Far more than any route takes. Scanning a body of brackets alone would hold up the process.
const maxDepth = 32;

/**
 * Finds the first key of a JSON text that stands twice in one object, at any depth: readers differ in
 * which one they take. `__proto__` is no field either, and nesting has its limit. The text has to be
 * valid JSON.
 */
export function findKeyIssue(json: string): InputIssue | undefined {
  const levels: Level[] = [];
  let before = '';
  for (const token of tokensOf(json)) {
    switch (token) {
      case '{':
      case '[':
        if (levels.length === maxDepth) return { path: '', message: 'is nested too deeply' };
        levels.push({ keys: new Set(), place: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        step(levels.at(-1));
        break;
      case ':': {
        const message = enter(levels.at(-1), keyOf(before));
        if (message) return { path: pathOf(levels), message };
      }
    }
    before = token;
  }
  return undefined;
}

/** Strings with their quotes, and the signs between values. */
function* tokensOf(json: string): Generator<string> {
  for (let at = 0; at < json.length; at += 1) {
    const sign = json[at] ?? '';
    if (sign === '"') {
      const start = at;
      at = endOfString(json, start);
      yield json.slice(start, at + 1);
    } else if ('{}[],:'.includes(sign)) yield sign;
  }
}

/** The index of the quote that ends a string. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at;
}

const keyOf = (quoted: string): string =>
  quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);

/** Goes on to the next item of a list. */
function step(level: Level | undefined): void {
  if (typeof level?.place === 'number') level.place += 1;
}

/** Goes on to the value of a key, and returns what is wrong with the key. */
function enter(level: Level | undefined, key: string): string | undefined {
  if (!level) return undefined;
  const isRepeated = level.keys.has(key);
  level.keys.add(key);
  level.place = key;
  if (key === '__proto__') return 'is not known';
  return isRepeated ? 'is given twice' : undefined;
}

/** As far as it holds names of fields: others may be addresses or secrets. */
function pathOf(levels: readonly Level[]): string {
  const places = levels.map(({ place }) => String(place));
  const strange = places.findIndex((place) => !/^\w{1,64}$/.test(place));
  return places.slice(0, strange < 0 ? undefined : strange).join('.');
}
