/** The workspace as the checks see it: its packages, their manifests, their source files and what those import. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { preProcessFile } from 'typescript'

export interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly files?: readonly string[]
  readonly publishConfig?: { readonly exports?: Manifest['exports'] }
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly [field: string]: unknown
}

export interface SourceFile {
  /** From the root, e.g. `packages/losses/src/nt-xent.ts`. */
  readonly path: string
  readonly text: string
  /** Never published: tests and what they need, examples, tools. */
  readonly isPrivate: boolean
  /** Module specifiers of its imports and re-exports, static and dynamic, of values and of types. */
  readonly imports: readonly string[]
}

export interface Package {
  /** Its folder's name, e.g. `losses`. */
  readonly folder: string
  /** From the root, e.g. `packages/losses`. */
  readonly path: string
  readonly manifest: Manifest
  readonly files: readonly SourceFile[]
}

const root = fileURLToPath(new URL('../../', import.meta.url))

export const rootManifest: Manifest = readManifest('.')

/** The packages that are published. */
export const packages: readonly Package[] = readdirSync(join(root, 'packages')).map((folder) =>
  readPackage(`packages/${folder}`, 'src'),
)

/** Everything in the workspace: the published packages, the examples and the tools. */
export const everything: readonly Package[] = [...packages, readPackage('examples'), readPackage('tools')]

/** Names of the files and folders directly in a folder given from the root. */
export function list(path: string): string[] {
  return readdirSync(join(root, path))
}

/** Where a relative import leads, from the root. */
export function target(file: SourceFile, specifier: string): string {
  return join(dirname(file.path), specifier).split(sep).join('/')
}

function readPackage(path: string, sources = '.'): Package {
  const files = readdirSync(join(root, path, sources), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.includes('/node_modules/'))
  return {
    folder: path.split('/').at(-1)!,
    path,
    manifest: readManifest(path),
    files: files.sort().map(readSource),
  }
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  return {
    path,
    text,
    isPrivate: !path.startsWith('packages/') || /\.test\.ts$|\/__fixtures__\//.test(path),
    imports: preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName),
  }
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as Manifest
}
