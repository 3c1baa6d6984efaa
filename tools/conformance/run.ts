/**
 * Runs TensorFlow.js's own test suite against an engine: `pnpm conformance --backend libtorch [--filter TEXT]`.
 * Prints the failures, then as the last line `{ "backend", "passed", "failed", "pending" }`. Ends with 1 if a spec
 * fails that the list of known exceptions lacks, or if one of that list passes.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type EngineName, useEngine } from '@simclr/engine'
import { build } from 'esbuild'

interface Spec {
  readonly fullName: string
  readonly status: 'passed' | 'failed' | 'pending' | 'excluded'
  readonly failedExpectations: readonly { readonly message: string }[]
}

interface Suite {
  runSuite(backendName: string, filter: string, onSpec: (spec: Spec) => void): Promise<void>
}

const { values: flags } = parseArgs({
  options: {
    backend: { type: 'string', default: 'libtorch' },
    filter: { type: 'string', default: '' },
  },
})

await useEngine(flags.backend as EngineName)
const counts = { passed: 0, failed: 0, pending: 0, excluded: 0 }
const unexpected: string[] = []
const exceptions = readExceptions(flags.backend)
const unused = new Set(Object.keys(exceptions))

await (await loadSuite()).runSuite(
  flags.backend,
  flags.filter,
  ({ fullName, status, failedExpectations }) => {
    counts[status]++
    if (status !== 'failed') return
    const name = fullName.replace(` ${flags.backend} {}`, '')
    const known = Object.keys(exceptions).find((prefix) => name.startsWith(prefix))
    if (known === undefined) {
      unexpected.push(name)
      console.log(`FAILED: ${name}\n    ${failedExpectations[0]?.message.split('\n')[0] ?? ''}`)
    } else {
      unused.delete(known)
      console.log(`exception: ${name}: ${exceptions[known]}`)
    }
  },
)
const stale = flags.filter === '' ? [...unused] : []
for (const name of stale) console.log(`FAILED: listed as an exception, but passes: ${name}`)

const { passed, failed, pending } = counts
console.log(JSON.stringify({ backend: flags.backend, passed, failed, pending }))
process.exitCode = unexpected.length + stale.length > 0 || passed === 0 ? 1 : 0

async function loadSuite(): Promise<Suite> {
  const folder = mkdtempSync(join(tmpdir(), 'simclr-conformance-'))
  try {
    const outfile = join(folder, 'suite.cjs')
    await build({
      entryPoints: [fileURLToPath(new URL('suite.cjs', import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      ignoreAnnotations: true,
      logLevel: 'error',
    })
    return createRequire(import.meta.url)(outfile) as Suite
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Beginnings of spec names that are known to fail on an engine of ours, with the reason. */
function readExceptions(backend: string): Record<string, string> {
  const file = new URL(`../../packages/backend-${backend}/conformance-exceptions.json`, import.meta.url)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
}
