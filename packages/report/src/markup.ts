/** Templates for HTML and SVG in which every inserted text is escaped, so that no class name can break a page. */

/** Finished markup: inserted into a {@link markup} template as it is. Made by `markup` and `rawMarkup` only. */
export class Markup {
  constructor(readonly source: string) {}

  toString(): string {
    return this.source
  }
}

/** What a template takes: text and numbers are escaped, markup is kept, `undefined` and `false` leave nothing. */
export type MarkupValue = Markup | string | number | undefined | false | readonly MarkupValue[]

/**
 * Template tag for HTML and SVG.
 *
 * @example
 * markup`<p title="${'a "quoted" <title>'}">${'x < y'}</p>`.source
 * // <p title="a &quot;quoted&quot; &lt;title&gt;">x &lt; y</p>
 */
export function markup(parts: TemplateStringsArray, ...values: MarkupValue[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + render(values[i - 1]) + part))
}

/** Text that is already markup: style sheets and scripts of this package, never data. */
export function rawMarkup(source: string): Markup {
  return new Markup(source)
}

function render(value: MarkupValue): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Markup) return value.source
  if (typeof value === 'object') return value.map(render).join('')
  return escapeText(String(value))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Characters that neither HTML nor XML allows are replaced, the five special ones escaped. */
function escapeText(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}

/** Control characters, lone surrogates and non-characters (XML 1.0, section 2.2). */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu
