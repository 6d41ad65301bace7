// '}' would end the hash tag early; half a surrogate pair has no UTF-8 and would become another
// character.
const unsafe = /[%}\p{Surrogate}]/gu;

// What almost all of them are; asking so is a tenth of the price.
const plain = /^[ -$&-|~]*$/;

/**
 * The Redis key of a counter: no two counters share one. The hash tag is the whole partition, so
 * that the counters of a partition live in one slot of a cluster.
 */
export function counterKey(prefix: string, partition: string, key: string): string {
  // An empty tag would be none. A lone '%' stands for nothing else.
  return `${prefix}{${encode(partition) || '%'}}:${encode(key)}`;
}

function encode(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return `%${code.padStart(4, '0')}`;
  });
}
