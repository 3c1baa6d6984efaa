/** The course of every installation: check, build in a temporary folder, prove that it works, rename. */
import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { simclrHome } from '../simclr-home.ts'
import { checkDiskSpace, freeSpace as freeSpaceOf } from './check-disk-space.ts'
import { checkPlatform, currentPlatform, type Platform } from './check-platform.ts'
import { checkPython } from './check-python.ts'
import type { Installable } from './installable.ts'
import { type RunPipOptions, runPip } from './run-pip.ts'
import { createStagingFolder, removeFolder, removeLeftovers } from './staging-folder.ts'

export interface InstallEngineOptions {
  /** Receives short progress lines; default: standard error. */
  log?: (line: string) => void
  /** Aborts: whatever runs is ended, the temporary folder removed, and the signal's reason thrown. */
  signal?: AbortSignal
  /** Python whose pip downloads; default: the first Python 3 on the PATH. */
  python?: string
  /** Whether to replace an installed one; default false. */
  force?: boolean
  /** Default `process.env`: PATH, SIMCLR_HOME and everything that configures pip. */
  environment?: NodeJS.ProcessEnv
  /** Default: this machine. */
  platform?: Platform
  /** Free bytes on the disk of a folder; default: ask the file system. */
  freeSpace?: (folder: string) => Promise<number>
  /** Proves that the library in a folder works, or throws; default: compute with it in a child process. */
  verify?: (folder: string, signal?: AbortSignal) => Promise<void>
}

export interface InstalledEngine {
  readonly folder: string
  /** e.g. `2.15.0+cu132`. */
  readonly version: string
  /** Whether it was there before. */
  readonly alreadyInstalled: boolean
  /** Size on disk. */
  readonly bytes: number
}

export interface BuildTools {
  /** The folder to fill. */
  readonly target: string
  readonly environment: NodeJS.ProcessEnv
  readonly log: (line: string) => void
  readonly signal: AbortSignal | undefined
  /** Installs requirements into `target`. */
  pip(packages: readonly string[]): Promise<void>
}

/** What is special about one engine. */
export interface InstallRecipe extends Installable {
  /** The version in `folder` if that one is whole, else undefined. */
  usableVersion(folder: string): Promise<string | undefined>
  /** What is checked before anything is downloaded, beside the platform, Python and disk. @throws SimclrError */
  check?(environment: NodeJS.ProcessEnv): Promise<void>
  build(tools: BuildTools): Promise<void>
  /** Proves that the library in a folder works. @throws SimclrError */
  verify(folder: string, signal?: AbortSignal): Promise<void>
}

/**
 * Installs an engine into its folder in {@link simclrHome}, unless a whole one is there.
 *
 * Never needs root and never touches the Python it uses. Everything happens in a temporary folder beside the
 * final one, which appears by a rename only after a child process has computed with the library. So it may be
 * interrupted, repeated, and run twice at once.
 */
export async function installEngine(
  recipe: InstallRecipe,
  options: InstallEngineOptions,
): Promise<InstalledEngine> {
  const {
    log = (line) => console.error(line),
    signal,
    force = false,
    environment = process.env,
    platform = currentPlatform(),
    freeSpace = freeSpaceOf,
    verify = recipe.verify,
  } = options
  const { engine, library } = recipe
  const home = simclrHome(environment)
  const folder = join(home, engine)
  await removeLeftovers(home, engine)
  if (!force && (await recipe.usableVersion(folder)) !== undefined) {
    const present = await describe(recipe, folder, true)
    log(`${engine} ${present.version} is already installed in ${folder}`)
    return present
  }
  checkPlatform(recipe, platform)
  await recipe.check?.(environment)
  const python = await checkPython(recipe, options.python, environment)
  checkDiskSpace(recipe, home, await freeSpace(home))

  const staging = await createStagingFolder(home, engine)
  const target = join(staging, 'site-packages')
  const temporary = join(staging, 'temporary')
  try {
    await mkdir(temporary)
    const pip: RunPipOptions = { installable: recipe, python, target, temporary, environment, log, signal }
    log(`installing ${library}'s library with ${python.command} ${python.version} into ${folder}`)
    await recipe.build({ target, environment, log, signal, pip: (packages) => runPip(packages, pip) })
    log('  checking that it loads')
    await verify(target, signal)
    signal?.throwIfAborted()
    const isNew = await publish(recipe, target, folder, force)
    const installed = await describe(recipe, folder, !isNew)
    log(`${engine} ${installed.version} is installed: ${(installed.bytes / 1e6).toFixed(0)} MB in ${folder}`)
    return installed
  } finally {
    await removeFolder(staging)
  }
}

/**
 * Moves the finished folder to its place; one that is damaged or to be replaced goes to where `from` was.
 *
 * @returns false if another process installed a usable one in the meantime, which is as good.
 */
async function publish(recipe: InstallRecipe, from: string, to: string, force: boolean): Promise<boolean> {
  try {
    await rename(from, to)
  } catch {
    if (!force && (await recipe.usableVersion(to)) !== undefined) return false
    await rename(to, `${from}-previous`)
    await rename(from, to)
  }
  return true
}

async function describe(
  recipe: InstallRecipe,
  folder: string,
  alreadyInstalled: boolean,
): Promise<InstalledEngine> {
  const version = (await recipe.usableVersion(folder)) ?? 'unknown'
  return { folder, version, alreadyInstalled, bytes: await folderSize(folder) }
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) => stat(join(entry.parentPath, entry.name)))
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0)
}
