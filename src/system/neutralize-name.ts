/** The most characters of a name that a mail or page shows. */
const maxCharacters = 100;

// Control, formatting (bidirectional, zero-width), lone surrogate and private-use characters, and
// everything else that Unicode declares invisible, such as the Hangul fillers.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]+/gu;

// The marks that join the parts of an address, with their look-alikes. They stop joining once a
// space follows. A dot before other punctuation joins nothing, so `Acme Inc.,` stays as it is; a
// single slash neither, so `AC/DC` does.
const joints = [
  /[:@\\\uFE13\uFE55\uFE68\uFE6B\uFF1A\uFF20\uFF3C](?=\S)/gu,
  /[.\u2024\u3002\uFE52\uFF0E\uFF61](?=[^\s\p{P}]|[-_@])/gu,
  /[/\uFF0F](?=[/\uFF0F])/gu,
];

/**
 * Makes a name that a person chose harmless in a mail or page: one line, no invisible characters, at most
 * 100 characters, and nothing that a mail program would turn into a link. `evil.example` comes out
 * as `evil. example`: a visible space, because linkifiers see through invisible ones.
 *
 * The result is plain text and still has to be escaped in HTML. It is empty when nothing visible
 * was left.
 */
export function neutralizeName(name: string): string {
  const visible = name.replace(/\s+/gu, ' ').replace(unseen, '');
  const apart = joints.reduce((text, joint) => text.replace(joint, '$& '), visible);
  const characters = Array.from(apart.replace(/ +/g, ' ').trim());
  if (characters.length <= maxCharacters) return characters.join('');
  return `${characters
    .slice(0, maxCharacters - 1)
    .join('')
    .trimEnd()}…`;
}

/** Whether there is anything to see in a string. */
export const isVisible = (text: string): boolean => text.replace(unseen, '').trim() !== '';

/** Names an organization to people whom it invites, by its neutralized name. */
export const organizationInWords = (name: string): string =>
  neutralizeName(name) || 'an organization';
