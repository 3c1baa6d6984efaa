/** Downloads libtorch: PyTorch's own wheel through pip, reduced to what the CPU needs. */
import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { libtorchHome, usableVersion } from '../find-libtorch.ts'
import { checkDiskSpace, freeSpace as freeSpaceOf } from './check-disk-space.ts'
import { checkPlatform, currentPlatform, type Platform } from './check-platform.ts'
import { checkPython } from './check-python.ts'
import { cudaRequirements } from './cuda-requirements.ts'
import { pruneLibtorch } from './prune-libtorch.ts'
import { runPip } from './run-pip.ts'
import { createStagingFolder, removeFolder, removeLeftovers } from './staging-folder.ts'
import { verifyLibtorch } from './verify-libtorch.ts'

export interface InstallLibtorchOptions {
  /** Receives short progress lines; default: standard error. */
  log?: (line: string) => void
  /** Aborts: pip is ended, the temporary folder removed, and the signal's reason thrown. */
  signal?: AbortSignal
  /** Python whose pip downloads; default: the first Python 3 on the PATH. */
  python?: string
  /** Version of torch, e.g. `2.11.0`, or a range in pip's notation; default `>=2.10,<2.16`, the tried range. */
  version?: string
  /** Whether to replace an installed one; default false. */
  force?: boolean
  /** Default `process.env`: PATH, SIMCLR_HOME and everything that configures pip. */
  environment?: NodeJS.ProcessEnv
  /** Default: this machine. */
  platform?: Platform
  /** Free bytes on the disk of a folder; default: ask the file system. */
  freeSpace?: (folder: string) => Promise<number>
  /** Proves that the library in a folder works, or throws; default {@link verifyLibtorch}. */
  verify?: (folder: string, signal?: AbortSignal) => Promise<void>
}

export interface InstalledLibtorch {
  readonly folder: string
  /** e.g. `2.15.0+cu132`. */
  readonly version: string
  /** Whether it was there before. */
  readonly alreadyInstalled: boolean
  /** Size on disk. */
  readonly bytes: number
}

/**
 * Installs libtorch into `<simclrHome>/libtorch` with pip's own configuration (index, proxy, certificates).
 *
 * Never needs root and never touches the Python it uses. Everything happens in a temporary folder beside the
 * final one, which appears by a rename only after a child process has computed with the library. So it may be
 * interrupted, repeated, and run twice at once.
 *
 * @throws SimclrError for an unknown platform, no or too old Python, no pip, too little disk, no network, no
 * wheel for this Python, or a library that does not load.
 * @example
 * const { folder, version } = await installLibtorch()
 */
export async function installLibtorch(options: InstallLibtorchOptions = {}): Promise<InstalledLibtorch> {
  const {
    log = (line) => console.error(line),
    signal,
    version: wanted = '>=2.10,<2.16',
    force = false,
    environment = process.env,
    platform = currentPlatform(),
    freeSpace = freeSpaceOf,
    verify = verifyLibtorch,
  } = options
  const folder = libtorchHome(environment)
  const home = dirname(folder)
  await removeLeftovers(home)
  if (!force && (await usableVersion(folder)) !== undefined) {
    const present = await describe(folder, true)
    log(`libtorch ${present.version} is already installed in ${folder}`)
    return present
  }
  checkPlatform(platform)
  const python = await checkPython(options.python, environment)
  checkDiskSpace(home, await freeSpace(home))

  const staging = await createStagingFolder(home)
  const target = join(staging, 'site-packages')
  const temporary = join(staging, 'temporary')
  try {
    await mkdir(temporary)
    const pip = { python, target, temporary, environment, log, signal }
    log(`installing PyTorch's library with ${python.command} ${python.version} into ${folder}`)
    await runPip(['--no-deps', /^\d/.test(wanted) ? `torch==${wanted}` : `torch${wanted}`], pip)
    const requirements = cudaRequirements(target)
    if (requirements.length > 0) await runPip(requirements, pip)
    await pruneLibtorch(target)
    log('  checking that it loads')
    await verify(target, signal)
    signal?.throwIfAborted()
    const installed = await describe(folder, !(await publish(target, folder, force)))
    log(`libtorch ${installed.version} is installed: ${(installed.bytes / 1e6).toFixed(0)} MB in ${folder}`)
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
async function publish(from: string, to: string, force: boolean): Promise<boolean> {
  try {
    await rename(from, to)
  } catch {
    if (!force && (await usableVersion(to)) !== undefined) return false
    await rename(to, `${from}-previous`)
    await rename(from, to)
  }
  return true
}

async function describe(folder: string, alreadyInstalled: boolean): Promise<InstalledLibtorch> {
  const version = (await usableVersion(folder)) ?? 'unknown'
  return { folder, version, alreadyInstalled, bytes: await folderSize(folder) }
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) => stat(join(entry.parentPath, entry.name)))
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0)
}
