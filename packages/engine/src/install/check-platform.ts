/** Which systems a library is published for. */
import { SimclrError } from '@simclr/core'
import type { Installable } from './installable.ts'

/** The facts of a system that decide whether a wheel exists for it. */
export interface Platform {
  /** As `process.platform` names it. */
  readonly system: string
  /** As `process.arch` names it. */
  readonly architecture: string
  /** Whether the C library of a Linux is glibc; there are no wheels for musl (Alpine). */
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

/** @throws SimclrError if the installable is not one for `platform`. */
export function checkPlatform(installable: Installable, platform: Platform): void {
  const { engine, library, platforms, alternative } = installable
  const name = `${platform.system}-${platform.architecture}`
  const isMusl = platform.system === 'linux' && !platform.glibc
  if (platforms.includes(name) && !isMusl) return
  throw new SimclrError({
    parameter: `engine install ${engine}: platform`,
    expected: `one that ${library} can be installed on (${platforms.join(', ')}; on Linux with glibc)`,
    received: isMusl ? `${name} with musl` : name,
    remedy: alternative,
  })
}
