import { html } from './html-template.ts';

/** The words of an invitation mail, harmless as plain text, not yet escaped for HTML. */
export interface InvitationWording {
  readonly organization: string;
  readonly inviter: string | null;
  /** With its article, such as `a member`. */
  readonly role: string;
  readonly link: string;
  readonly expiry: string;
}

// Text and background are left to the mail program, which then darkens both or neither. The one
// colour of ours, white on blue, reads at 6.7:1 in either.
const page =
  'max-width:560px;margin:0 auto;padding:32px 24px;font-family:system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;font-size:16px;line-height:24px';
const button =
  'display:inline-block;padding:12px 24px;color:#ffffff;font-weight:600;text-decoration:none';

/** The HTML body: no image, no script, nothing that is fetched. */
export function invitationHtml({
  organization,
  inviter,
  role,
  link,
  expiry,
}: InvitationWording): string {
  // `dir="auto"` keeps a name written from right to left from turning the words around it.
  const by = inviter === null ? '' : html` by <span dir="auto">${inviter}</span>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
<title>You are invited to join ${organization}</title>
</head>
<body style="margin:0;padding:0">
<div style="${page}">
<h1 style="margin:0 0 16px;font-size:24px;line-height:32px;font-weight:600">You are invited to join <span dir="auto">${organization}</span></h1>
<p style="margin:0 0 24px">You are invited${by} to join <strong dir="auto">${organization}</strong> as ${role}.</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 24px">
<tr><td bgcolor="#1d4ed8" style="border-radius:8px;background-color:#1d4ed8"><a href="${link}" style="${button}">View the invitation</a></td></tr>
</table>
<p style="margin:0 0 24px;font-size:14px;line-height:20px">Or open this link:<br><a href="${link}" style="overflow-wrap:anywhere;word-break:break-all">${link}</a></p>
<p style="margin:0 0 8px;font-size:14px;line-height:20px">The link works until ${expiry}.</p>
<p style="margin:0;font-size:14px;line-height:20px">If you did not expect this, you can ignore it.</p>
</div>
</body>
</html>
`.markup;
}
