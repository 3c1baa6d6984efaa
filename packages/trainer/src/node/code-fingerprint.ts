/** What tells one build of the trainer from another. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** The version, and eight digits of the hash of the code itself, e.g. `0.1.0-1f3a9c02`. */
export async function codeFingerprint(): Promise<string> {
  const { version } = createRequire(import.meta.url)('@simclr/trainer/package.json') as { version: string }
  const code = await readFile(fileURLToPath(import.meta.url))
  return `${version}-${createHash('sha256').update(code).digest('hex').slice(0, 8)}`
}
