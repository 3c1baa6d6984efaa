/** What every published package has, and how its files look. */
import { createSourceFile, isExportDeclaration, isNamedExports, ScriptTarget } from 'typescript'
import { describe, expect, it } from 'vitest'
import { list, packages } from './workspace.ts'

const LONGEST_FILE = 300

describe.each(packages)('$folder', ({ path, manifest, files }) => {
  it('has a README', () => {
    expect(list(path)).toContain('README.md')
  })

  it('has a complete package.json', () => {
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/.{20}/),
      license: 'Apache-2.0',
      type: 'module',
      sideEffects: expect.anything(),
      files: expect.arrayContaining(['dist']),
      publishConfig: { access: 'public' },
    })
  })

  it('exports its source first, for this repository, then types and code', () => {
    const { './package.json': self, ...entries } = manifest.exports ?? {}
    expect(self).toBe('./package.json')
    expect(entries).toHaveProperty(['.'])
    for (const [name, entry] of Object.entries(entries)) {
      // Worker threads cannot load TypeScript: their entry is always the built file.
      const source = name.endsWith('-worker') ? [] : ['@simclr/source']
      expect(Object.keys(entry)).toEqual([...source, 'types', 'default'])
    }
  })

  it('publishes the same exports without the source, which is not packed', () => {
    const published = Object.entries(manifest.exports ?? {}).map(([name, entry]) => {
      if (typeof entry === 'string') return [name, entry]
      const { '@simclr/source': _, ...rest } = entry
      return [name, rest]
    })
    expect(manifest.publishConfig?.exports).toEqual(Object.fromEntries(published))
    expect(manifest.files?.filter((file) => file.includes('src'))).toEqual([])
  })

  it(`has no file above ${LONGEST_FILE} lines, tests excepted`, () => {
    const long = files
      .filter((file) => !file.isPrivate)
      .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LONGEST_FILE)
    expect(long).toEqual([])
  })

  it('names its files in kebab-case', () => {
    const names = files.map((file) => file.path.split('/').at(-1)!)
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(name))).toEqual([])
  })

  it('has index files that only re-export, by name', () => {
    const other = files
      .filter((file) => file.path.endsWith('/index.ts'))
      .flatMap(({ path, text }) => {
        const { statements } = createSourceFile(path, text, ScriptTarget.Latest)
        return statements
          .filter((statement) => {
            const exported = isExportDeclaration(statement) ? statement.exportClause : undefined
            return exported === undefined || !isNamedExports(exported)
          })
          .map((statement) => `${path}: ${text.slice(statement.pos, statement.end).trim()}`)
      })
    expect(other).toEqual([])
  })
})
