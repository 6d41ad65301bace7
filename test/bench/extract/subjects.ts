import { createRequire } from 'node:module';
import { domainToASCII } from 'node:url';
import { Autolinker } from 'autolinker';
import emailRegexSafe from 'email-regex-safe';
import validator from 'email-validator';
import { extractEmail } from 'extract-email-address';
import getEmails from 'get-emails';
import { linkifyit } from 'linkify-it';
import { find } from 'linkifyjs';
import * as z from 'zod';
import { extractEmails } from '../../../src/emails/index.ts';

/** Something that finds addresses in a text, under the name it is known by. */
export interface Subject {
  readonly name: string;
  readonly find: (text: string) => readonly string[];
}

// Its ESM face hides the function one level deeper than its types say.
const anchorme: {
  list(text: string): readonly { readonly isEmail?: boolean; readonly string: string }[];
} = createRequire(import.meta.url)('anchorme').default;
const linkifyIt = linkifyit();
const zodEmail = z.email();
const withoutScheme = (link: string) => link.replace(/^mailto:/i, '');

/** Nothing is cut off: the whole text is read on every side. */
export const limits = { maxLength: 1e9, maxAddresses: 1e6 };

/** This package. */
export const ours: Subject = {
  name: 'org-user-manager',
  find: (text) =>
    extractEmails(text, limits).entries.flatMap((entry) =>
      entry.verdict === 'ok' || entry.verdict === 'review' ? [entry.address] : [],
    ),
};

/** What others use for the same job, each called as its documentation says. */
export const peers = {
  linkifyjs: (text) => find(text, 'email').map(({ value }) => value),
  autolinker: (text) =>
    Autolinker.parse(text, {
      email: true,
      urls: false,
      phone: false,
      mention: false,
      hashtag: false,
    })
      .filter((match) => match.type === 'email')
      .map((match) => withoutScheme(match.getAnchorHref())),
  'extract-email-address': (text) => extractEmail(text).map(({ email }) => email),
  anchorme: (text) =>
    anchorme
      .list(text)
      .filter(({ isEmail }) => isEmail)
      .map(({ string }) => withoutScheme(string)),
  'email-regex-safe': (text) => text.match(emailRegexSafe()) ?? [],
  'get-emails': (text) => [...getEmails(text)],
  'linkify-it': (text) =>
    (linkifyIt.match(text) ?? [])
      .filter(({ schema, url }) => schema === 'mailto:' || url.startsWith('mailto:'))
      .map(({ url }) => withoutScheme(url)),
  'split + email-validator': (text) =>
    text.split(/[\s,;]+/).filter((word) => validator.validate(word)),
  'split + zod': (text) => text.split(/[\s,;]+/).filter((word) => zodEmail.safeParse(word).success),
} satisfies Record<string, Subject['find']>;

/** The peers as a list. */
export const peerSubjects: readonly Subject[] = Object.entries(peers).map(([name, find]) => ({
  name,
  find,
}));

/** An address in the form that is compared: NFC, lower case, the domain in A-labels. */
export function comparable(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const localPart = address.slice(0, at).normalize('NFC').toLowerCase();
  return `${localPart}@${domainToASCII(domain) || domain.toLowerCase()}`;
}
