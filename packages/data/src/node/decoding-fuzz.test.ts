import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
import { RandomKey } from '@simclr/core'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { imageFolder } from './image-folder.ts'

const MUTATED = 500
const BATCH = 25
/** Far above what 2 threads need for images of 64 × 48 pixels, far below what the bombs claim (7.5 GB each). */
const MEMORY = 300 * 2 ** 20

it('decodes or reports each of 500 damaged files once, in bounded memory', async () => {
  const root = await mkdtemp(join(tmpdir(), 'simclr-fuzz-'))
  const intact = await originals()
  for (let i = 0; i < MUTATED + MUTATED / BATCH; i++) {
    // The first image of each batch stays whole: a batch of which nothing is left throws.
    const original = intact[Math.floor(i / BATCH) % intact.length]!
    const file = i % BATCH === 0 ? original : await mutate(original, RandomKey.fromSeed(11).fold(i), i)
    await writeFile(join(root, `${String(i).padStart(3, '0')}.jpg`), file)
  }
  const reported: string[] = []
  const onSkip = (path: string) => reported.push(basename(path, '.jpg'))
  const dataset = await imageFolder(root, { threads: 2, onError: 'skip', onSkip })
  const decoded: string[] = []
  const before = process.memoryUsage().rss
  let peak = before
  const crop = (_index: number, _view: number, size: { height: number; width: number }) => ({
    top: 0,
    left: 0,
    ...size,
  })
  for await (const { indices } of dataset.batches({ batchSize: BATCH, size: 32, views: 2, crop })) {
    decoded.push(...Array.from(indices, (index) => String(index).padStart(3, '0')))
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  await dataset.close()
  await rm(root, { recursive: true })
  const all = Array.from({ length: dataset.length }, (_, i) => String(i).padStart(3, '0'))
  expect([...decoded, ...reported].sort()).toEqual(all)
  expect(reported.length).toBeGreaterThan(MUTATED / 2)
  expect(decoded.length).toBeGreaterThan(MUTATED / 10)
  expect(peak - before).toBeLessThan(MEMORY)
})

/** A noisy picture in the kinds of JPEG and PNG that there are. */
function originals(): Promise<Buffer[]> {
  const random = RandomKey.fromSeed(5)
  const raw = { width: 64, height: 48, channels: 3 } as const
  const bytes = Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => 2 * (i % 64) + random.integer(i, 120))
  const picture = () => sharp(bytes, { raw })
  return Promise.all(
    [
      picture().jpeg(),
      picture().jpeg({ progressive: true }),
      picture().toColourspace('b-w').jpeg(),
      picture().toColourspace('cmyk').jpeg(),
      picture().png(),
      picture().png({ palette: true }),
      picture().toColourspace('rgb16').png({ progressive: true }),
    ].map((image) => image.toBuffer()),
  )
}

/** One of eight kinds of damage. */
async function mutate(original: Buffer, random: RandomKey, number: number): Promise<Uint8Array> {
  const file = Buffer.from(original)
  const place = (i: number) => random.integer(i, file.length)
  switch (number % 8) {
    case 0:
      return file.subarray(0, place(0))
    case 1:
      for (let i = 0; i < 4; i++) file[place(i)]! ^= 1 << random.integer(100 + i, 8)
      return file
    case 2:
      file.subarray(place(0)).subarray(0, 64).fill(0)
      return file
    case 3:
      file[place(0)] = random.integer(1, 256) // one byte, often harmless
      return file
    case 4:
      return Buffer.concat([file.subarray(0, place(0)), file.subarray(place(1))])
    case 5:
      return number % 16 === 5 ? new Uint8Array(0) : new Uint8Array(place(0))
    case 6:
      return sharp({ create: { width: 20_000, height: 1, channels: 3, background: '#358' } })
        .png()
        .toBuffer()
    default:
      return bomb()
  }
}

/** A PNG whose header claims 50,000 × 50,000 pixels. */
async function bomb(): Promise<Buffer> {
  const create = { width: 8, height: 8, channels: 3, background: '#fff' } as const
  const png = await sharp({ create }).png().toBuffer()
  png.writeUInt32BE(50_000, 16)
  png.writeUInt32BE(50_000, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}
