const tlds = ['com', 'org', 'net'];
const names = 'alice bob chen dana eyal femi gita hugo iris jonas kira liam mona nils olga'.split(
  ' ',
);
const sentence =
  'The meeting moved to the small room on the second floor, so please bring the printed notes. ';

function address(index: number): string {
  const name = names[index % names.length];
  const domain = `d${(index * 7) % 40}.example.${tlds[index % 3]}`;
  return `${name}${index}@${domain}`;
}

// One address in ten ends a sentence, and one a clause.
function after(index: number): string {
  if (index % 10 === 0) return '.';
  return index % 10 === 5 ? ':' : '';
}

// One byte a character, as a body read from a socket or a file is.
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** A column of different addresses, about 1 MB; 43,396 of them as in the reference. */
export function addressList(): string {
  return flat(Array.from({ length: 43_396 }, (_, index) => address(index)).join('\n'));
}

/** Prose of about 5 MB with 7,472 addresses. */
export function prose(): string {
  const parts: string[] = [];
  for (let index = 0; index < 7_472; index++) {
    parts.push(sentence.repeat(7), `Write to ${address(index)}${after(index)} today. `);
  }
  return flat(parts.join(''));
}

/** An address line, a quoted thread, a table and prose, about 200 kB. */
export function realisticPaste(): string {
  const parts: string[] = [];
  for (let index = 0, length = 0; length < 200_000; index += 5) {
    const [a, b, c, d, e] = [0, 1, 2, 3, 4].map((offset) => address(index + offset));
    const part =
      `"Reyes, Ana" <${a}>; Petr Novak <${b}>;\n` +
      `> On Tue, 3 Mar 2026, Yuki Mori <${c}> wrote:\n> ${sentence}\n` +
      `${index},Nora,${d},+44 7400 123456\n${sentence.repeat(2)}(ask ${e}.)\n`;
    parts.push(part);
    length += part.length;
  }
  return flat(parts.join(''));
}
