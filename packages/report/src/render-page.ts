/** What every page of a report has around its sections. */
import { colourStyle } from './chart-style.ts'
import { type Markup, markup, rawMarkup } from './markup.ts'

export interface Page {
  readonly title: string
  /** The kind of page, above the title. */
  readonly overline: string
  /** In one line under the title. */
  readonly facts: readonly string[]
  /** CSS, after that of the colours. */
  readonly style: string
  /** Below the facts; none for `false`. */
  readonly summary?: Markup | false
  readonly body: Markup
  /** JavaScript at the end of the page; none by default. */
  readonly script?: string
}

/** @returns The source of a page that forbids itself every network request, and scripts unless it has one. */
export function renderPage({ title, overline, facts, style, summary = false, body, script }: Page): string {
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'${script === undefined ? '' : "; script-src 'unsafe-inline'"}`
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="${rawMarkup(policy)}"/>
<link rel="icon" href="data:,"/>
<title>${title}</title>
<style>${rawMarkup(colourStyle + style)}</style>
</head>
<body>
<main>
<header>
<p class="overline">${overline}</p>
<h1>${title}</h1>
<p class="facts">${facts.join(' · ')}</p>
${summary}
</header>
${body}
</main>
${script !== undefined && markup`<script>${rawMarkup(script)}</script>`}
</body>
</html>
`.source
}
