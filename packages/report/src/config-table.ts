import { type Markup, markup } from './markup.ts'

/** A two-column table of settings; a nested object becomes rows with dotted names. */
export function configTable(config: Readonly<Record<string, unknown>>): Markup {
  const rows = flatten(config, '').map(
    ([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`,
  )
  return markup`<table class="config"><tbody>${rows}</tbody></table>`
}

function flatten(config: object, prefix: string): [string, string][] {
  return Object.entries(config).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (isNested && Object.keys(value).length > 0) return flatten(value, `${prefix}${key}.`)
    if (value === undefined) return []
    return [[prefix + key, typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))]]
  })
}
