import { createHash } from 'node:crypto';

/** A Lua script with the name under which Redis keeps it. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

// KEYS: one counter for each window. ARGV: its cost, its limit and its end, window by window.
// Numbers are written with %.0f, because Lua's own way ends at 14 digits, and answered as texts,
// because clients read integers inexactly just below 2^53. A counter is set together with its
// expiry, so that none ever exists without.
const source = `
local used = redis.call('MGET', unpack(KEYS))
local charged = {}
local allowed = '1'
for i = 1, #KEYS do
  local cost, limit = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  used[i] = used[i] or '0'
  local sum = used[i] + cost
  if cost > 0 and sum > limit then allowed = '0' end
  charged[i] = string.format('%.0f', math.max(0, sum))
end
if allowed == '0' then return {allowed, unpack(used)} end
for i = 1, #KEYS do
  redis.call('SET', KEYS[i], charged[i], 'PXAT', ARGV[3 * i])
end
return {allowed, unpack(charged)}
`;

/** Charges every counter or none; answers whether it did, and then the counters. */
export const chargeScript: Script = {
  source,
  sha1: createHash('sha1').update(source).digest('hex'),
};
