import { OrgUserManagerError } from '../../../src/index.ts';
import type { SmtpTransport } from './transport.ts';

/** A transport that was opened here and is closed here. */
export interface OwnTransport extends SmtpTransport {
  close(): void;
}

// A server that falls silent must not hold a mail for nodemailer's ten minutes. The query of the
// URL wins over these. Milliseconds.
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/** Makes a nodemailer transport; nothing connects yet. Rejects with `invalid_options` without it. */
export async function connect(url: string): Promise<OwnTransport> {
  const { createTransport } = await loadNodemailer();
  return createTransport({ url, ...timeouts });
}

async function loadNodemailer() {
  // Bundlers accept an absent package inside `try`, and only there.
  try {
    return await import('nodemailer');
  } catch (cause) {
    const message = 'needs the package nodemailer: npm install nodemailer';
    throw new OrgUserManagerError(
      'invalid_options',
      { issues: [{ path: 'url', message }] },
      { cause },
    );
  }
}
