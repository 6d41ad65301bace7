/**
 * Writes a parsed body as the JSON that it came from. Returns `undefined` when it holds what JSON cannot
 * hold: `JSON.stringify()` alone would leave that out or write `null`, which removes a limit.
 */
export function writeJson(body: unknown): string | undefined {
  try {
    return JSON.stringify(body, refuseStrangers);
  } catch {
    // Also for a body that holds itself, is nested too deeply, or throws when it is read.
    return undefined;
  }
}

/** A replacer. `value` differs from the holder's own one where a `toJSON()` has changed it. */
function refuseStrangers(this: unknown, key: string, value: unknown): unknown {
  if (Object(this)[key] !== value || !isOfJson(value)) throw new TypeError('not of JSON');
  return value;
}

function isOfJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'object' && (Array.isArray(value) || isPlain(value));
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
