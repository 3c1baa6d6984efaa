/** Looks at a folder that may hold PyTorch, without loading anything. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Device } from './device.ts'
import { type PlatformLibraries, platformLibraries } from './platform-libraries.ts'

/** The oldest PyTorch whose library exports the C interface that this package calls. */
export const OLDEST_VERSION = '2.10'

export interface LibtorchInstallation {
  /** The folder that was inspected: it should hold `torch/` (pip's site-packages, or a `pip --target` folder). */
  readonly path: string
  /** PyTorch's version, e.g. `2.15.0+cu132`; undefined when there is none. */
  readonly version: string | undefined
  /** Full paths of the shared objects to load, in loading order. */
  readonly libraries: readonly string[]
  /** Why this installation cannot be used; empty when it can. Each is one sentence. */
  readonly problems: readonly string[]
}

/**
 * Reports the PyTorch in a folder: its version, its shared objects and what is wrong with them.
 *
 * @param folder the folder that holds `torch/`
 * @param device what it must be able to compute on; default: the processor
 * @returns a description; this function never throws for what it finds
 * @example
 * const { version, problems } = inspectLibtorch('/usr/lib/python3/dist-packages')
 */
export function inspectLibtorch(folder: string, device: Device['kind'] = 'cpu'): LibtorchInstallation {
  const versionFile = join(folder, 'torch', 'version.py')
  if (!existsSync(versionFile)) {
    return { path: folder, version: undefined, libraries: [], problems: [`There is no torch in ${folder}.`] }
  }
  const source = readFileSync(versionFile, 'utf8')
  const version = /^__version__ = '([^']+)'/m.exec(source)?.[1]
  const platform = platformLibraries()
  if (version === undefined) {
    return { path: folder, version, libraries: [], problems: [`${versionFile} names no version.`] }
  }
  if (platform === undefined) {
    const problem = `PyTorch has no build for ${process.platform}.`
    return { path: folder, version, libraries: [], problems: [problem] }
  }
  const problems: string[] = []
  if (isOlder(version, OLDEST_VERSION)) {
    problems.push(`PyTorch ${version} is too old: at least ${OLDEST_VERSION} is needed.`)
  }
  const needsCuda = /^cuda\b[^=]*= '/m.test(source)
  const support = needsCuda ? cudaSupport(folder, platform, problems) : []
  const names = [...platform.torch, ...(device === 'cuda' ? (platform.cuda ?? []) : [])]
  const torch = names.map((name) => join(folder, 'torch', 'lib', name))
  if (device === 'cuda' && (!needsCuda || platform.cuda === undefined)) {
    problems.push(`PyTorch ${version} is a build without CUDA.`)
  } else if (device === 'cuda' && !existsSync(torch.at(-1)!)) {
    problems.push(`${folder} holds only the part of PyTorch that computes on the processor.`)
  } else {
    problems.push(...damagedFiles(folder, version, torch))
  }
  return { path: folder, version, libraries: [...support, ...torch], problems }
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number)
  return major < thanMajor || (major === thanMajor && minor < thanMinor)
}

function cudaSupport(folder: string, platform: PlatformLibraries, problems: string[]): string[] {
  const root = join(folder, 'nvidia')
  const folders = existsSync(root) ? readdirSync(root).map((name) => join(root, name, 'lib')) : []
  const files = folders
    .filter((lib) => existsSync(lib))
    .flatMap((lib) => readdirSync(lib).map((name) => ({ name, path: join(lib, name) })))
  return platform.cudaSupport.flatMap((pattern) => {
    const found = files.find(({ name }) => pattern.test(name))
    if (found !== undefined) return [found.path]
    problems.push(
      `${pattern.source.replaceAll(/[\\^]/g, '')} is missing under ${root}: this build of PyTorch links it. ` +
        'Install nvidia-cuda-runtime and nvidia-cuda-cupti of the CUDA version in its version number.',
    )
    return []
  })
}

/** Missing shared objects, and those whose size is not the one that pip recorded (a cut-off download or disk). */
function damagedFiles(folder: string, version: string, libraries: readonly string[]): string[] {
  const record = join(folder, `torch-${version.split('+')[0]}.dist-info`, 'RECORD')
  const alternative = join(folder, `torch-${version}.dist-info`, 'RECORD')
  const recordFile = [alternative, record].find((file) => existsSync(file))
  const recorded = recordFile === undefined ? '' : readFileSync(recordFile, 'utf8')
  return libraries.flatMap((path) => {
    if (!existsSync(path)) return [`${path} is missing.`]
    const { size } = statSync(path)
    const name = path.slice(folder.length + 1).replaceAll('\\', '/')
    const start = recorded.indexOf(`${name},`)
    const line = start < 0 ? undefined : recorded.slice(start, recorded.indexOf('\n', start))
    const expected = Number(line?.split(',').at(-1) ?? size)
    return size === expected
      ? []
      : [`${path} has ${size} bytes instead of ${expected}: install PyTorch again.`]
  })
}
