import { escapeHtml } from '../system/escape-html.ts';

class Markup {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** HTML made by the `html` tag; nothing else counts as already escaped. */
export type { Markup };

/**
 * Tag for HTML: strings put into the template are escaped, what another `html` template made is
 * not escaped twice.
 *
 * @example
 * html`<p>${'a < b'}</p>`.markup; // '<p>a &lt; b</p>'
 */
export function html(
  literals: TemplateStringsArray,
  ...values: readonly (string | Markup)[]
): Markup {
  const parts = literals.map((literal, index) => {
    const value = values[index] ?? '';
    return literal + (value instanceof Markup ? value.markup : escapeHtml(value));
  });
  return new Markup(parts.join(''));
}
