/** The pages of docs/losses: every snippet runs as it stands on the built packages, and every link leads somewhere. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const pages = new URL('../../docs/losses/', import.meta.url)
const tools = fileURLToPath(new URL('..', import.meta.url))
const names = readdirSync(pages).filter((name) => name.endsWith('.md'))

describe.each(names)('docs/losses/%s', (name) => {
  const page = readFileSync(new URL(name, pages), 'utf8')

  it('has a snippet that prints finite numbers', () => {
    const snippets = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!)
    expect(snippets.length).toBeGreaterThan(0)
    for (const snippet of snippets) {
      const flags = ['--import', 'tsx', '--input-type=module', '--eval']
      const output = execFileSync(process.execPath, [...flags, snippet], { cwd: tools, encoding: 'utf8' })
      expect(output).toMatch(/\d/)
      expect(output).not.toMatch(/NaN|Infinity/)
    }
  })

  it('links to files that exist', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target!)
    expect(links.filter((target) => !existsSync(new URL(target, pages)))).toEqual([])
  })
})
