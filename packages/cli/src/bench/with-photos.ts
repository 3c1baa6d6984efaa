/** JPEG files to measure with. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { peerScript } from './script-paths.ts'

/** Writes `count` generated photographs of 400 × 300 pixels, and removes them when `use` is done with the folder. */
export async function withPhotos<Result>(
  python: string,
  count: number,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'simclr-photos-'))
  try {
    await runCommand('bench: images', python, [peerScript('photos.py'), folder, String(count)])
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
