/**
 * `npm run packed`: packs every public package as it would be published, and checks the tarball: publint,
 * are-the-types-wrong, no tests or fixtures, README and LICENSE inside, and every import declared in package.json.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import typescript from 'typescript'
import { main, node, root, run, StepFailed } from './run.mjs'
import { buildPackages, installPackages, pnpm } from './steps.mjs'

/** Bytes that a tarball may have: what other projects install on its own stays small. */
const LARGEST = { '@simclr/losses': 30_000 }

await main(async () => {
  await installPackages()
  await buildPackages()
  const folder = mkdtempSync(join(tmpdir(), 'simclr-packed-'))
  try {
    let failed = 0
    for (const name of readdirSync(join(root, 'packages'))) {
      const { title, problems } = await checkPackage(name, join(folder, name))
      console.log(problems.length === 0 ? title : `FAILED: ${title}\n  ${problems.join('\n  ')}`)
      if (problems.length > 0) failed++
    }
    if (failed > 0) throw new StepFailed(`${failed} packages are not fit to be published`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

async function checkPackage(name, folder) {
  mkdirSync(folder)
  const packing = await pnpm(['pack', '--pack-destination', folder], { cwd: join(root, 'packages', name) })
  if (packing.code !== 0) return { title: name, problems: [packing.output] }
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'))
  await run('tar', ['-xzf', tarball], { quiet: true, cwd: folder })

  const unpacked = join(folder, 'package')
  const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
  const files = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const sizes = [
    statSync(join(folder, tarball)).size,
    files.reduce((sum, file) => sum + statSync(file).size, 0),
  ]
  const [packed, whole] = sizes.map((bytes) => `${(bytes / 1000).toFixed(0)} kB`)
  return {
    title: `${manifest.name} ${manifest.version}: ${packed} packed, ${whole} in ${files.length} files`,
    problems: [
      ...sizeProblems(manifest.name, sizes[0]),
      ...(await toolProblems('node_modules/publint/src/cli.js', ['run', '--strict', join(folder, tarball)])),
      ...(await toolProblems('node_modules/@arethetypeswrong/cli/dist/index.js', [
        '--profile=esm-only',
        '--no-color',
        '--no-emoji',
        join(folder, tarball),
      ])),
      ...fileProblems(files.map((file) => file.slice(unpacked.length + 1).replaceAll('\\', '/'))),
      ...importProblems(files, manifest),
    ],
  }
}

async function toolProblems(tool, args) {
  const { code, output } = await node([tool, ...args], { quiet: true })
  return code === 0 ? [] : [output]
}

function sizeProblems(name, size) {
  const limit = LARGEST[name]
  return limit !== undefined && size > limit ? [`${size} bytes packed, more than ${limit}`] : []
}

function fileProblems(files) {
  const missing = ['README.md', 'LICENSE'].filter((file) => !files.includes(file))
  const tests = files.filter((file) => /\.test\.|__fixtures__/.test(file))
  return [...missing.map((file) => `${file} is missing`), ...tests.map((file) => `${file} is packed`)]
}

function importProblems(files, { name, dependencies, peerDependencies }) {
  const declared = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })])
  const undeclared = new Set()
  const runnable = files.filter((path) => /\.([jt]s|mjs)$/.test(path) && !path.includes('/package/src/'))
  for (const file of runnable) {
    for (const { fileName } of typescript.preProcessFile(readFileSync(file, 'utf8'), true, true)
      .importedFiles) {
      const imported = fileName.match(/^(@[^/]+\/)?[^/]+/)[0]
      if (!fileName.startsWith('.') && !isBuiltin(fileName) && !declared.has(imported))
        undeclared.add(imported)
    }
  }
  return [...undeclared].map((imported) => `imports ${imported}, which package.json does not declare`)
}
