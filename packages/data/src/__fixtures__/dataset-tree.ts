/** Miniatures of published datasets: trees of small files that go when the test ends. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { onTestFinished } from 'vitest'

/** An image of one grey level, 9 pixels wide and 7 high, so that it can be told by any of its bytes. */
export interface SmallImage {
  /** 0..255. */
  readonly level: number
  /** What the bytes are, whatever the file is called; default `'jpeg'`. */
  readonly format?: 'jpeg' | 'png' | 'gif' | 'webp'
  /** 1 grey, 3 RGB, 4 RGB and opacity; default 3. */
  readonly channels?: 1 | 3 | 4
}

/**
 * Writes files into a new temporary folder.
 *
 * @param files Content by path relative to the folder, `{ 'meta/train.txt': 'a/1\n', 'images/a/1.jpg': { level: 40 } }`.
 * @returns the folder; call inside of a test, whose end removes it.
 */
export async function datasetTree(
  files: Readonly<Record<string, string | Uint8Array | SmallImage>>,
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'simclr-dataset-'))
  onTestFinished(() => rm(root, { recursive: true }))
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path)
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, typeof content === 'object' && 'level' in content ? await encode(content) : content)
  }
  return root
}

function encode({ level, format = 'jpeg', channels = 3 }: SmallImage): Promise<Buffer> {
  const raw = { width: 9, height: 7, channels } as const
  const image = sharp(new Uint8Array(raw.width * raw.height * channels).fill(level), { raw })
  return (channels === 1 ? image.toColourspace('b-w') : image).toFormat(format).toBuffer()
}
