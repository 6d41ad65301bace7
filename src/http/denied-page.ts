import type { PolicyName } from '../model/usage-decision.ts';
import { escapeHtml } from '../system/escape-html.ts';

/** The members of a problem document that its page shows. */
export interface ShownProblem {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly status: number;
  /** A URN; shown of a fault of the server, which the application's log names by it. */
  readonly instance?: string;
  readonly timeZone?: string;
  readonly limits?: readonly ShownLimit[];
}

/** One row of the page's table. */
export interface ShownLimit {
  readonly policy: PolicyName;
  readonly limit: number;
  readonly used: number;
  /** ISO 8601 with the local offset. */
  readonly resetsAt: string;
}

const style = `:root{color-scheme:light dark;--muted:light-dark(#545b66,#a8b0bd);--line:light-dark(#dfe3e8,#313640)}
body{max-width:560px;margin:0 auto;padding:48px 24px;background:light-dark(#fff,#14161a);color:light-dark(#16181d,#e8eaee);font:16px/24px system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:24px;line-height:32px}
table{width:100%;border-collapse:collapse}
caption{color:var(--muted);text-align:start}
th,td{padding:8px 8px 8px 0;border-bottom:1px solid var(--line);text-align:start}
td{font-variant-numeric:tabular-nums}`;

// A test computes the style's hash anew; with it the page needs no file and allows no other style.
const styleHash = 'sha256-maM2fBx/W2HXlNDlvTZa+mkUPsINHEl1Sxc6rFL4Fzs=';

/** What the page's `Content-Security-Policy` says: it loads, runs and sends nothing. */
export const deniedPagePolicy = `default-src 'none'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const policyNames: Readonly<Record<PolicyName, string>> = {
  'user-day': 'You, today',
  'user-month': 'You, this month',
  'org-day': 'Organization, today',
  'org-month': 'Organization, this month',
};

/** A problem as a page for people: whole in itself, and everything in it is text. */
export function deniedPage(problem: ShownProblem) {
  const { title, detail = '', limits = [], timeZone = '', status, instance = '' } = problem;
  const reference = status >= 500 ? `<p>Reference: ${escapeHtml(instance)}</p>\n` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${detail === '' ? '' : `<p dir="auto">${escapeHtml(detail)}</p>\n`}${reference}${limitTable(limits, timeZone)}</main>
</body>
</html>
`;
}

function limitTable(limits: readonly ShownLimit[], timeZone: string): string {
  if (limits.length === 0) return '';
  const rows = limits.map(
    ({ policy, limit, used, resetsAt }) =>
      `<tr><th scope="row">${policyNames[policy]}</th><td>${used}</td><td>${limit}</td>` +
      `<td><time datetime="${escapeHtml(resetsAt)}">${localMinute(resetsAt)}</time></td></tr>\n`,
  );
  return `<table>
<caption>Usage limits, in the time of ${escapeHtml(timeZone)}</caption>
<thead><tr><th scope="col">Who and when</th><th scope="col">Used</th><th scope="col">Limit</th><th scope="col">Resets</th></tr></thead>
<tbody>
${rows.join('')}</tbody>
</table>
`;
}

/** Such as `2026-10-26 00:00`. */
const localMinute = (iso: string) =>
  escapeHtml(iso.slice(0, 'yyyy-mm-ddThh:mm'.length)).replace('T', ' ');
