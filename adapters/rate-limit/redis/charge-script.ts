import { createHash } from 'node:crypto';

/** A Lua script with the name under which Redis keeps it. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

// A counter is set together with its expiry, so that none ever exists without. Redis counts the expiry down by
// its own clock, not by the caller's. The scripts answer with one string: clients read integers inexactly just
// below 2^53, and one string faster than a list. They write numbers with %.0f, because Lua stops at 14 digits.

// KEYS: one counter for each window. ARGV: its cost, its limit and how long it is kept, window by window.
const lone = `
local call, keys, given = redis.call, KEYS, ARGV
local used = call('MGET', unpack(keys))
local charged = {}
for i = 1, #keys do
  local cost = given[3 * i - 2] + 0
  local sum = (used[i] or 0) + cost
  if cost > 0 and sum > given[3 * i - 1] + 0 then
    for j = 1, #keys do used[j] = used[j] or '0' end
    return '0 ' .. table.concat(used, ' ')
  end
  charged[i] = sum < 0 and '0' or string.format('%.0f', sum)
end
for i = 1, #keys do call('SET', keys[i], charged[i], 'PX', given[3 * i]) end
return '1 ' .. table.concat(charged, ' ')
`;

// KEYS: counters. ARGV: how long each is kept; then each charge: how many counters, and of each of them which
// one it is, the cost and the limit. Redis itself writes a number with all its digits.
const several = `
local call = redis.call
local used = call('MGET', unpack(KEYS))
local charged, answers, length, at = {}, {}, 0, #KEYS
while at < #ARGV do
  local first, last = at + 2, at + 1 + 3 * ARGV[at + 1]
  local allowed = 1
  for i = first, last, 3 do
    local cost = ARGV[i + 1] + 0
    if cost > 0 and (used[ARGV[i] + 0] or 0) + cost > ARGV[i + 2] + 0 then allowed = 0 end
  end
  length = length + 1
  answers[length] = allowed
  for i = first, last, 3 do
    local counter = ARGV[i] + 0
    local sum = used[counter] or 0
    if allowed == 1 then
      sum = math.max(0, sum + ARGV[i + 1])
      used[counter], charged[counter] = sum, sum
    end
    length = length + 1
    answers[length] = sum
  end
  at = last
end
for i, key in ipairs(KEYS) do
  if charged[i] then call('SET', key, charged[i], 'PX', ARGV[i]) end
end
return string.format(string.rep('%.0f ', length - 1) .. '%.0f', unpack(answers))
`;

// KEYS: any counter, which leads to its server in a cluster.
const clock = `
local at = redis.call('TIME')
return string.format('%.0f', at[1] * 1000 + math.floor(at[2] / 1000))
`;

/** Makes a charge whole or not at all; answers whether it was made, and its counters then. */
export const chargeScript: Script = toScript(lone);

/** Makes charges one after another as `chargeScript` would, and answers so for each. */
export const chargesScript: Script = toScript(several);

/** Reads the server's clock, epoch milliseconds. */
export const clockScript: Script = toScript(clock);

function toScript(source: string): Script {
  return { source, sha1: createHash('sha1').update(source).digest('hex') };
}
