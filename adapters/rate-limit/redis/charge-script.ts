import { createHash } from 'node:crypto';

/** A Lua script with the name under which Redis keeps it. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

// KEYS: one counter for each window. ARGV: its cost, its limit and its end, window by window.
// Numbers are written with %.0f, because Lua's own way ends at 14 digits, and answered as one text,
// because clients read integers inexactly just below 2^53, and one text faster than a list. A counter
// is set together with its expiry, so that none ever exists without.
const source = `
local call, format = redis.call, string.format
local used = call('MGET', unpack(KEYS))
local charged = {}
local allowed = true
for i = 1, #KEYS do
  local cost = tonumber(ARGV[3 * i - 2])
  used[i] = used[i] or '0'
  local sum = used[i] + cost
  if cost > 0 and sum > tonumber(ARGV[3 * i - 1]) then allowed = false end
  charged[i] = format('%.0f', sum < 0 and 0 or sum)
end
if not allowed then return '0 ' .. table.concat(used, ' ') end
for i = 1, #KEYS do
  call('SET', KEYS[i], charged[i], 'PXAT', ARGV[3 * i])
end
return '1 ' .. table.concat(charged, ' ')
`;

/** Charges every counter or none; answers whether it did, and then the counters. */
export const chargeScript: Script = {
  source,
  sha1: createHash('sha1').update(source).digest('hex'),
};
