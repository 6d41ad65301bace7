const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** The http and https targets of `href` attributes, in order, each once. */
export function findLinks(html: string): string[] {
  const targets = Array.from(html.matchAll(/\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi), (match) =>
    decodeEntities(match[1] ?? match[2] ?? '').trim(),
  );
  return [...new Set(targets)].filter((target) => /^https?:\/\//i.test(target));
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,5}|#\d{1,6}|\w{1,6});/gi, (entity, name: string) => {
    if (!name.startsWith('#')) return named[name] ?? entity;
    const hexadecimal = /^#x/i.test(name);
    return String.fromCodePoint(
      Number.parseInt(name.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10),
    );
  });
}
