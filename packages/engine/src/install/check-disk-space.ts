/** Is there room for the download, the unpacked wheel and the installed copy? */
import { statfs } from 'node:fs/promises'
import { SimclrError } from '@simclr/core'
import type { Installable } from './installable.ts'

/** Free bytes that this user may write on the file system of `folder`, which must exist. */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** @throws SimclrError if `free` is less than installing takes. */
export function checkDiskSpace(installable: Installable, folder: string, free: number): void {
  const { engine, bytesWhileInstalling } = installable
  if (free >= bytesWhileInstalling) return
  throw new SimclrError({
    parameter: `engine install ${engine}: disk`,
    expected: `at least ${(bytesWhileInstalling / 1e9).toFixed(1)} GB free for ${folder} while installing`,
    received: `${(free / 1e9).toFixed(1)} GB`,
    remedy: 'Free some space, or set SIMCLR_HOME to a folder on a larger disk.',
  })
}
