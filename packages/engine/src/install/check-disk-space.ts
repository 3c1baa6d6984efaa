/** Is there room for the download, the unpacked wheel and the installed copy? */
import { statfs } from 'node:fs/promises'
import { SimclrError } from '@simclr/core'

/** The wheel (0.5 GB), its contents unpacked by pip (1.2 GB), and the same once more where pip must copy. */
export const BYTES_WHILE_INSTALLING = 3e9

/** Free bytes that this user may write on the file system of `folder`, which must exist. */
export async function freeSpace(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** @throws SimclrError if `free` is less than installing takes. */
export function checkDiskSpace(folder: string, free: number): void {
  if (free >= BYTES_WHILE_INSTALLING) return
  throw new SimclrError({
    parameter: 'engine install libtorch: disk',
    expected: `at least ${(BYTES_WHILE_INSTALLING / 1e9).toFixed(1)} GB free for ${folder} while installing`,
    received: `${(free / 1e9).toFixed(1)} GB`,
    remedy: 'Free some space, or set SIMCLR_HOME to a folder on a larger disk.',
  })
}
