/** Which systems PyTorch publishes libraries for. */
import { SimclrError } from '@simclr/core'

const SUPPORTED = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64']

/** The facts of a system that decide whether a wheel exists for it. */
export interface Platform {
  /** As `process.platform` names it. */
  readonly system: string
  /** As `process.arch` names it. */
  readonly architecture: string
  /** Whether the C library of a Linux is glibc; PyTorch has no wheels for musl (Alpine). */
  readonly glibc: boolean
}

/** The platform of this process. */
export function currentPlatform(): Platform {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
  return {
    system: process.platform,
    architecture: process.arch,
    glibc: header.glibcVersionRuntime !== undefined,
  }
}

/** @throws SimclrError if PyTorch publishes no library for `platform`. */
export function checkPlatform(platform: Platform = currentPlatform()): void {
  const name = `${platform.system}-${platform.architecture}`
  const isMusl = platform.system === 'linux' && !platform.glibc
  if (SUPPORTED.includes(name) && !isMusl) return
  throw new SimclrError({
    parameter: 'engine install libtorch: platform',
    expected: `one that PyTorch publishes wheels for (${SUPPORTED.join(', ')}; on Linux with glibc)`,
    received: isMusl ? `${name} with musl` : name,
    remedy:
      'Use --engine wasm, or point SIMCLR_LIBTORCH at a site-packages folder with a PyTorch built here.',
  })
}
