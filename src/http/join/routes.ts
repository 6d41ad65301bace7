import { commonHeaders, type Reply } from '../reply.ts';
import type { Route } from '../route.ts';
import { joinPage } from './page.ts';
import { joinScript } from './script.ts';
import { joinStylesheet } from './stylesheet.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page that invite links open. Opening it changes nothing: only its buttons do. */
export const joinRoutes: readonly Route[] = [
  file('/join', 'text/html', joinPage),
  file('/join.js', 'text/javascript', joinScript),
  file('/join.css', 'text/css', joinStylesheet),
];

function file(path: string, type: string, body: string): Route {
  const headers = {
    ...commonHeaders,
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Security-Policy': policy,
    'Referrer-Policy': 'no-referrer',
  };
  const reply: Reply = { status: 200, headers, body };
  return { method: 'GET', path, answer: async () => reply };
}
