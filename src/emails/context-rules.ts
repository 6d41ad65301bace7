import type { AddressReason } from './judge/reasons.ts';

/** What stands around an at sign: the token, and at most 80 code units on both sides. */
export interface Context {
  /** In front of the local part. */
  readonly before: string;
  /** The local part, with all that sticks to it. */
  readonly local: string;
  /** `before` and `local`, as they stand. */
  readonly lead: string;
  /** Behind the domain. */
  readonly behind: string;
}

/** Why what looks like an address is none: every expression it names has to match. */
export interface ContextRule {
  readonly name: string;
  readonly reason: AddressReason;
  readonly before?: RegExp | undefined;
  readonly local?: RegExp | undefined;
  readonly lead?: RegExp | undefined;
  readonly behind?: RegExp | undefined;
  /** What stands in `lead` when the rule matches; asked first, since an expression costs more. */
  readonly needs?: RegExp | undefined;
  /** Shows the rule: the test of it, and its row in the guide. */
  readonly example: string;
}

const idLabel = String.raw`(?:message[ _-]?id|msg-?id|content-id|in-reply-to|references|supersedes|\bid|in (?:article|message)|\bcf\.)`;

/** The context rules, of which the first that matches refuses the token. */
export const contextRules: readonly ContextRule[] = [
  {
    name: 'A log-in in a URL or connection string',
    reason: 'userinfo-url',
    // Up to the at sign, nothing ends the host; or a password follows it; or it is no host.
    lead: /(?:(?<!mailto):\/\/[^\s"<>/?#,;|]*|:\/\/(?:(?!\[)[^\s"<>/?#,;|]*:(?!\d*[/?#,;|])[^\s"<>]*|(?!localhost)[^\s"<>/?#,;|.:]+[#,;|][^\s"<>]*))$|(?:^|[\s=`'"([{,;|])\/\/[^\s"<>/?#:]*:(?!\d*[/?#])[^\s"<>]*$/i,
    needs: /\/\//,
    example: 'postgres://app:s3cret@db.example.com/app',
  },
  {
    name: 'A log-in in front of a port',
    reason: 'userinfo-url',
    lead: /[\w.$#-](?<!mailto)[:/][^\s:/]*$/i,
    behind: /^:\d{2,5}(?![\w.:-])/,
    example: 'ana:s3cret@proxy.example.com:8080',
  },
  {
    name: 'A log-in on a command line',
    reason: 'userinfo-url',
    lead: /(?:\s(?:-u|--user|--proxy-user)[ =]?["']?[^\s:"']+:|\b(?:sqlplus|expdp|impdp|sqlldr|rman|conn(?:ect)?)\s(?:-\S+\s)*["']?[^\s/]+\/|\bjdbc:[^\s/]*\/)\S*$/i,
    needs: /:|\//,
    example: 'curl -u ana:s3cret@proxy.example.com',
  },
  {
    name: 'The id of a mail, named by its header',
    reason: 'message-id',
    before: new RegExp(
      String.raw`(?:${idLabel}["']?\s*[:=]?\s*["'[]?(?:<[^<>\s]*>[\s,]*)*(?:<|&lt;|%3C)|\b[cm]id:|(?:message[ _-]?id|msg-?id|content-id|attachment-id|correlator|antispam-prvs)["']?\s*[:=]\s*["'<]?)$`,
      'i',
    ),
    example: 'Message-ID: <x1@mail.example.com>',
  },
  {
    name: 'The id of a mail, by its shape',
    reason: 'message-id',
    lead: /(?:[</]|&lt;)(?:\d{4,}[\d.-]*\.[A-Z]{1,3}\d+|\d{12,}[.-][\w.-]+|CA[\w+-]*[+=][\w+=-]*|[0-9A-F]{8}\.[0-9A-F]{3,}|(?=[\w-]*\d)[\da-f]{8,}(?:-[\da-f]{4,})+)$|(?:<|&lt;)[^/<]*(?:\/[^/<]+){3,}$|:\/\/[^\s"<>]*\/(?:r|all|msg|message-id|flat)\/[^/\s]+$/,
    example: '<20240304101112.GA11561@mail.example.net>',
  },
  {
    name: 'An account of another protocol, or the id of an event',
    reason: 'identifier',
    before:
      /(?:\b(?:sips?|xmpp|im|jabber|matrix|skype|news):|(?:^|[\s'"])(?:UID|RELATED-TO)(?:;[^:\s]*)?\s*:\s?|(?:^|[\s(\]])id:["']?)$/i,
    example: 'sip:ana@voip.example.com',
  },
  {
    name: 'A host and a path',
    reason: 'scp-path',
    behind: /^:(?:~|:[\w.-]|[A-Za-z]:[\\/]|\/(?!\/?\s)|(?!\d+(?:\/|$))[\w.~-]+\/|[\w-]+\.git\b)/,
    example: 'git@git.example.com:team/app.git',
  },
  {
    name: 'An encoded word',
    reason: 'entity-encoded',
    lead: /=\?[\w-]+\?[bq]\?[^\s"<>]*$|\?=[^\s"<>]*$/i,
    needs: /\?/,
    example: '=?utf-8?q?a@example.com?=@example.org',
  },
  {
    name: 'Two at signs with no local part between them',
    reason: 'double-at',
    behind: /^(?:[!#$%&'*/=?^`{|}~]+|[+\uFF0B][^\s"<>,;:()[\]{}|/\\@]*)@/u,
    example: "ana@example.com'@example.org",
  },
  {
    name: 'A letter that is spelled as an escape in front',
    reason: 'entity-encoded',
    lead: new RegExp(
      [
        String.raw`[\w.-]&(?:amp;)*(?:amp|apos|[lr]squo|#39|#x27);[\w.+-]*$`,
        String.raw`(?:=[89A-F][\dA-F]){2}[\w.+-]*$|\w=2[DE]\w[\w.+-]*$`,
      ].join('|'),
      'i',
    ),
    needs: /[&=]/,
    example: 'o&#39;brien@example.com',
  },
  {
    name: 'A word that goes on behind an escape',
    reason: 'entity-encoded',
    behind:
      /^(?:&#(?:4[5-9]|5[0-7]|6[5-9]|[78]\d|9[05-9]|1[01]\d|12[0-2]|173|8203|x(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|ad|200b));[.-]*[\p{L}\p{N}]|&#(?:6[5-9]|[78]\d|9[07-9]|1[01]\d|12[0-2]);|&(?:shy|period|hyphen|dash);[.-]*\w|[=%]2[de]\w|\\u(?:002[de]|00ad|200b)\w|\\x2[de]\w|=\r?\n[.-]*\w)/iu,
    example: 'petr@example.co&period;uk',
  },
  {
    name: 'A word that goes on from the line before',
    reason: 'entity-encoded',
    before: /[\w.+-](?<!(?:mail|user|owner|to|from)s?)=\r?\n$/i,
    example: 'ana.re=\nyes@example.com',
  },
  {
    name: 'An escaped blank or a path of Windows',
    reason: 'bad-char',
    lead: /\\ \S*$|(?:^|[\s"'(=])[A-Za-z]:\\\w[^"\r\n]*$|[\s"'(=]\\\\\w[^"\r\n]*$/,
    needs: /\\/,
    example: 'ana\\ reyes@example.com',
  },
  {
    name: 'A placeholder with something behind it',
    reason: 'bad-char',
    before: /[>)\]}]$/,
    local: /^[-_.+]/,
    example: '<ML name>-admin@example.org',
  },
];

const conditions = {
  before: undefined,
  local: undefined,
  lead: undefined,
  behind: undefined,
  needs: undefined,
};
// What a rule leaves out must not be read from Object.prototype.
const wholeRules = contextRules.map((rule) => ({ ...conditions, ...rule }));

/** The reason of the first rule that refuses a token. */
export function contextFault(context: Context): AddressReason | undefined {
  return wholeRules.find((rule) => matches(rule, context))?.reason;
}

function matches({ before, local, lead, behind, needs }: ContextRule, context: Context): boolean {
  return (
    (!needs || needs.test(context.lead)) &&
    (!behind || behind.test(context.behind)) &&
    (!local || local.test(context.local)) &&
    (!before || before.test(context.before)) &&
    (!lead || lead.test(context.lead))
  );
}
