/** Where headers are read and set: Node's response, or a framework's. */
export interface HeaderTarget {
  getHeader(name: string): unknown;
  setHeader(name: string, value: string): unknown;
}

/**
 * Sets headers. The members of a list that is there already stay, unless ours have the same name: two
 * guards in a row tell each window once, as it stands after both.
 */
export function addHeaders(target: HeaderTarget, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const before = isList(name) ? target.getHeader(name) : undefined;
    target.setHeader(name, before === undefined ? value : append(String(before), value));
  }
}

/** Whether another limiter, or a CORS middleware, may have a part in the header too. */
const isList = (name: string) =>
  name === 'RateLimit' || name === 'RateLimit-Policy' || name === 'Access-Control-Expose-Headers';

function append(before: string, added: string): string {
  const ours = members(added);
  const names = new Set(ours.map(nameOf));
  const others = members(before).filter((member) => !names.has(nameOf(member)));
  return [...others, ...ours].join(', ');
}

/** The members of a list (RFC 9651); a quoted text may hold commas. */
const members = (list: string) =>
  [...list.matchAll(/(?:[^",]|"(?:[^"\\]|\\.)*")+/g)].map(([member]) => member.trim());

const nameOf = (member: string) => member.split(';')[0]?.trim().toLowerCase();
