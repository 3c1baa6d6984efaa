/**
 * The loss alone in another project: packs @simclr/losses as it would be published, installs it with npm in a folder
 * outside of this repository, and trains a network of TensorFlow.js there (train.js).
 *
 * Run:       pnpm tsx examples/nt-xent-in-your-project/run.ts [--smoke]
 * Takes:     half a minute, most of it npm; the packages must be built
 * Last line: step 150: NT-Xent …, finds the other view of 100 %
 * Settings:  temperature 0.2, 32 images, two views each, TensorFlow.js on its plain cpu backend
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const { packageManager } = JSON.parse(readFileSync(join(here, '..', '..', 'package.json'), 'utf8'))
const project = mkdtempSync(join(tmpdir(), 'nt-xent-in-your-project-'))
try {
  for (const name of ['core', 'losses']) {
    const folder = join(here, '..', '..', 'packages', name)
    const pack = [
      'exec',
      '--yes',
      `--package=${packageManager}`,
      '--',
      'pnpm',
      'pack',
      '--pack-destination',
      project,
    ]
    execFileSync('npm', pack, { cwd: folder, stdio: 'pipe' })
  }
  const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'))
  for (const file of readdirSync(project)) {
    const [, name] = /^simclr-(\w+)-/.exec(file)!
    manifest.dependencies[`@simclr/${name}`] = `file:${file}`
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
  cpSync(join(here, 'train.js'), join(project, 'train.js'))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: project,
    stdio: 'inherit',
  })
  execFileSync('node', ['train.js', ...process.argv.slice(2)], { cwd: project, stdio: 'inherit' })
} finally {
  rmSync(project, { recursive: true, force: true })
}
