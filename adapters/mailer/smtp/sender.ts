/** An address already taken apart, so that no mail library parses it again. */
export interface MailAddress {
  /** The name shown beside the address; may be empty. */
  readonly name: string;
  /** `local@domain`. */
  readonly address: string;
}

const addressOnly = /^[^\s<>@,;:"()[\]\\]+@[^\s<>@,;:"()[\]\\]+$/;

/** Reads `Name <local@domain>` or `local@domain`; `undefined` when it is neither. */
export function parseSender(from: unknown): MailAddress | undefined {
  if (typeof from !== 'string' || /\p{Cc}/u.test(from)) return undefined;
  const [, name = '', address = from.trim()] = /^([^<>]*)<([^<>]*)>\s*$/.exec(from) ?? [];
  if (!addressOnly.test(address)) return undefined;
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
}
