/** The dependencies between the packages, as the design lays them down: one table, and the rules that enforce it. */
import { isBuiltin } from 'node:module'
import { join } from 'node:path/posix'
import { describe, expect, it } from 'vitest'
import { everything, type Package, packages, rootManifest, type SourceFile, target } from './workspace.ts'

const leaves = ['augment', 'models', 'losses', 'optimizers', 'data']

/** core ← leaves ← eval ← trainer ← cli; the engines beside them depend on core at most, and only cli imports them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  augment: ['core'],
  models: ['core'],
  losses: ['core'],
  optimizers: ['core'],
  data: ['core', 'augment'],
  eval: ['core', ...leaves],
  trainer: ['core', ...leaves, 'eval'],
  'backend-libtorch': ['core'],
  engine: ['core', 'backend-libtorch'],
  distributed: ['core'],
  report: ['core'],
  cli: ['core', ...leaves, 'eval', 'trainer', 'engine', 'distributed', 'report'],
}

/** Everything else runs in a browser. */
const MAY_TOUCH_NODE = [
  'packages/core/src/node/',
  'packages/data/src/node/',
  'packages/eval/src/node/',
  'packages/models/src/node/',
  'packages/trainer/src/node/',
  'packages/backend-libtorch/',
  'packages/distributed/',
  'packages/engine/',
  'packages/report/',
  'packages/cli/',
]
/** What a package's build copies into it, so that its users need not install it. */
const BUNDLED: Readonly<Record<string, readonly string[]>> = {
  'backend-libtorch': ['@tensorflow/tfjs-backend-cpu'],
}
/** Entries for worker threads, and for pages that go without TensorFlow.js: nothing that they import loads it. */
const WITHOUT_TENSORFLOW = [
  'packages/core/src/plain.ts',
  'packages/core/src/simd/index.ts',
  'packages/augment/src/image/index.ts',
]
const NODE_ONLY_PACKAGES = ['koffi', 'piscina', 'sharp', 'write-file-atomic']

it('the table has a row for every package', () => {
  expect(Object.keys(MAY_IMPORT).sort()).toEqual(packages.map(({ folder }) => folder).sort())
})

it.each(WITHOUT_TENSORFLOW)('%s reaches no TensorFlow.js', (entry) => {
  const reached = reachable(entry)
  expect(reached.length).toBeGreaterThan(1)
  expect(importsWhere(reached, (specifier) => specifier.startsWith('@tensorflow/'))).toEqual([])
})

describe.each(packages)('$folder', (of) => {
  const allowed = MAY_IMPORT[of.folder] ?? []
  const published = of.files.filter((file) => !file.isPrivate)

  it(`imports no sibling but ${allowed.join(', ') || 'none'}`, () => {
    const siblings = new Map(everything.map(({ manifest, folder }) => [manifest.name, folder]))
    const wrong = (specifier: string): boolean => {
      const sibling = siblings.get(packageOf(specifier))
      return sibling !== undefined && sibling !== of.folder && !allowed.includes(sibling)
    }
    expect(importsWhere(published, wrong)).toEqual([])
  })

  it('runs in a browser, except for its Node part', () => {
    const portable = published.filter(({ path }) => !touchesNode(path))
    const wrong = (specifier: string, file: SourceFile): boolean =>
      isRelative(specifier)
        ? touchesNode(target(file, specifier))
        : isBuiltin(specifier) ||
          NODE_ONLY_PACKAGES.includes(packageOf(specifier)) ||
          /^@simclr\/.*\/node$/.test(specifier)
    expect(importsWhere(portable, wrong)).toEqual([])
  })
})

describe.each(everything)('$folder', (of) => {
  it('declares every package that it imports', () => {
    const { name, dependencies, peerDependencies, devDependencies } = of.manifest
    const declared = [name, ...Object.keys({ ...dependencies, ...peerDependencies })]
    const bundled = BUNDLED[of.folder] ?? []
    const inTests = Object.keys({ ...devDependencies, ...rootManifest.devDependencies })
    const wrong = (specifier: string, file: SourceFile): boolean =>
      !isRelative(specifier) &&
      !isBuiltin(specifier) &&
      ![...declared, ...bundled, ...(file.isPrivate ? inTests : [])].includes(packageOf(specifier))
    expect(importsWhere(of.files, wrong)).toEqual([])
  })

  it('reaches other packages through what they export', () => {
    const wrong = (specifier: string, file: SourceFile): boolean =>
      isRelative(specifier) ? !target(file, specifier).startsWith(`${of.path}/`) : isInternal(specifier)
    expect(importsWhere(of.files, wrong)).toEqual([])
  })
})

/** The offending imports as lines to read; empty if the rule holds. */
function importsWhere(
  files: readonly SourceFile[],
  wrong: (specifier: string, file: SourceFile) => boolean,
): string[] {
  return files.flatMap((file) =>
    file.imports
      .filter((specifier) => wrong(specifier, file))
      .map((specifier) => `${file.path} imports ${specifier}`),
  )
}

/** The file of the workspace at this path and all that it imports, directly or not. */
function reachable(entry: string): SourceFile[] {
  const files = new Map(everything.flatMap((of) => of.files.map((file) => [file.path, file])))
  const paths = new Set([entry])
  for (const path of paths) {
    const file = files.get(path)
    for (const specifier of file?.imports ?? []) {
      paths.add(isRelative(specifier) ? target(file!, specifier) : sourceOf(specifier))
    }
  }
  return Array.from(paths).flatMap((path) => files.get(path) ?? [])
}

/** `@simclr/core` → `packages/core/src/index.ts`; other packages stay as they are. */
function sourceOf(specifier: string): string {
  const of = everything.find(({ manifest }) => manifest.name === packageOf(specifier))
  const entry = of?.manifest.exports?.[`.${specifier.slice(of.manifest.name.length)}`]
  return of === undefined || typeof entry !== 'object' ? specifier : join(of.path, entry['@simclr/source']!)
}

/** Whether it names a file of a sibling that the sibling does not export. */
function isInternal(specifier: string): boolean {
  const name = packageOf(specifier)
  const sibling: Package | undefined = everything.find(({ manifest }) => manifest.name === name)
  return sibling !== undefined && !(`.${specifier.slice(name.length)}` in (sibling.manifest.exports ?? {}))
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.')
}

/** `@simclr/data/node` → `@simclr/data`. */
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function touchesNode(path: string): boolean {
  return MAY_TOUCH_NODE.some((folder) => path.startsWith(folder))
}
