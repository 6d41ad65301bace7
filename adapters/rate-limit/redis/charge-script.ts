import { createHash } from 'node:crypto';

/** A Lua script with the name under which Redis keeps it. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

// KEYS: counters. ARGV: the end of each; then each charge: how many counters, and of each of them which
// one it is, the cost and the limit.
// A counter is set together with its expiry, so that none ever exists without; Redis writes a number with
// all its digits. They are answered as one text, because clients read integers inexactly just below 2^53,
// and one text faster than a list, and with %.0f, because Lua's own way ends at 14 digits.
const source = `
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
  if charged[i] then call('SET', key, charged[i], 'PXAT', ARGV[i]) end
end
return string.format(string.rep('%.0f ', length - 1) .. '%.0f', unpack(answers))
`;

/**
 * Makes charges one after another, each of them whole or not at all; answers for each whether it was
 * made, and its counters then.
 */
export const chargeScript: Script = {
  source,
  sha1: createHash('sha1').update(source).digest('hex'),
};
