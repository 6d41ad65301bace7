import type { ChargeRequest, ChargeResult } from '../../../src/index.ts';

/** What the charging script takes. */
export interface ScriptCall {
  readonly keys: string[];
  readonly rest: string[];
}

/** Writes charges down for the script; counters that several of them share come once. */
export function toScriptCall(
  requests: readonly ChargeRequest[],
  nameOf: (partition: string, key: string) => string,
): ScriptCall {
  const places = new Map<string, number>();
  const ends: number[] = [];
  const charges: string[] = [];
  for (const { partition, windows } of requests) {
    charges.push(String(windows.length));
    for (const { key, cost, limit, expiresAt } of windows) {
      const name = nameOf(partition, key);
      const place = places.get(name) ?? places.size + 1;
      places.set(name, place);
      // Redis takes no other expiry, and says so in the middle of the script.
      ends[place - 1] = Math.max(1, Math.ceil(expiresAt), ends[place - 1] ?? 1);
      charges.push(String(place), String(cost), String(limit ?? Number.MAX_SAFE_INTEGER));
    }
  }
  return { keys: [...places.keys()], rest: [...ends.map(String), ...charges] };
}

/** Reads the script's answer, in the requests' order. */
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
