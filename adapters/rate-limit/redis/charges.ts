import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';

/** What a script takes. */
export interface ScriptCall {
  readonly keys: string[];
  readonly rest: string[];
}

/** Writes a charge down for the script that makes one. */
export function toLoneCall(
  { partition, windows }: ChargeRequest,
  nameOf: (partition: string, key: string) => string,
): ScriptCall {
  const keys: string[] = [];
  const rest: string[] = [];
  for (const { key, cost, limit, keepMs } of windows) {
    keys.push(nameOf(partition, key));
    rest.push(String(cost), limitOf(limit), lifeOf(keepMs));
  }
  return { keys, rest };
}

/** Writes charges down for the script that makes several; counters that several of them share come once. */
export function toScriptCall(
  requests: readonly ChargeRequest[],
  nameOf: (partition: string, key: string) => string,
): ScriptCall {
  const places = new Map<string, number>();
  const lives: string[] = [];
  const charges: string[] = [];
  for (const { partition, windows } of requests) {
    charges.push(String(windows.length));
    for (const { key, cost, limit, keepMs } of windows) {
      const name = nameOf(partition, key);
      const place = places.get(name) ?? places.size + 1;
      places.set(name, place);
      lives[place - 1] = lifeOf(keepMs);
      charges.push(String(place), String(cost), limitOf(limit));
    }
  }
  return { keys: [...places.keys()], rest: [...lives, ...charges] };
}

function limitOf(limit: number | null): string {
  return String(limit ?? Number.MAX_SAFE_INTEGER);
}

// Redis takes no other expiry, and says so in the middle of the script.
function lifeOf(keepMs: number): string {
  return String(Math.max(1, Math.ceil(keepMs)));
}

/** Reads the answer for several charges, in the requests' order. */
export function toResults(
  requests: readonly ChargeRequest[],
  numbers: readonly number[],
): readonly ChargeResult[] {
  let next = 0;
  return requests.map(({ windows }) => {
    const allowed = numbers[next] === 1;
    const used = numbers.slice(next + 1, next + 1 + windows.length);
    next += 1 + windows.length;
    return { allowed, used };
  });
}
