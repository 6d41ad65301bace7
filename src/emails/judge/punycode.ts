const base = 36;
const minThreshold = 1;
const maxThreshold = 26;
const skew = 38;
const damp = 700;
const highest = 0x10ffff;

/** Decodes what follows `xn--` (RFC 3492, lower case), or nothing when it stands for nothing. */
export function decodePunycode(encoded: string): string | undefined {
  const delimiter = encoded.lastIndexOf('-');
  const points = Array.from(encoded.slice(0, Math.max(delimiter, 0)), (basic) =>
    basic.charCodeAt(0),
  );
  const state = { at: delimiter + 1, code: 128, index: 0, bias: 72 };
  while (state.at < encoded.length) {
    const before = state.index;
    if (!readDelta(encoded, state)) return undefined;
    const count = points.length + 1;
    state.bias = adapt(state.index - before, count, before === 0);
    state.code += Math.floor(state.index / count);
    state.index %= count;
    if (state.code > highest || (state.code >= 0xd800 && state.code < 0xe000)) return undefined;
    points.splice(state.index++, 0, state.code);
  }
  return String.fromCodePoint(...points);
}

interface State {
  at: number;
  code: number;
  index: number;
  bias: number;
}

// Adds one variable-length integer to the index; says whether the text held one.
function readDelta(encoded: string, state: State): boolean {
  let weight = 1;
  for (let k = base; state.at < encoded.length; k += base) {
    const digit = digitOf(encoded.charCodeAt(state.at++));
    if (digit === undefined) return false;
    state.index += digit * weight;
    const threshold = Math.min(Math.max(k - state.bias, minThreshold), maxThreshold);
    if (digit < threshold) return state.index <= 0x7fffffff;
    weight *= base - threshold;
  }
  return false;
}

function digitOf(code: number): number | undefined {
  if (code >= 97 && code <= 122) return code - 97;
  return code >= 48 && code <= 57 ? code - 22 : undefined;
}

function adapt(delta: number, count: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? damp : 2));
  rest += Math.floor(rest / count);
  let k = 0;
  while (rest > ((base - minThreshold) * maxThreshold) / 2) {
    rest = Math.floor(rest / (base - minThreshold));
    k += base;
  }
  return k + Math.floor(((base - minThreshold + 1) * rest) / (rest + skew));
}
