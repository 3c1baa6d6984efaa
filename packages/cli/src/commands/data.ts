/** `simclr data`: what datasets there are, where to get them, and whether a copy is sound. */
import { nearestWord, SimclrError } from '@simclr/core'
import { type DatasetInfo, datasets, openDataset, packImages } from '@simclr/data/node'
import type { Command } from 'commander'
import { checkDataset, type DatasetCheck } from '../check-dataset.ts'
import { formatDataset, formatDatasets, grouped } from '../format-dataset.ts'
import { duration } from '../progress.ts'

interface CheckFlags {
  allowPartial?: boolean
  all?: boolean
}

/** Seconds between lines of progress. */
const QUIET_SECONDS = 10

export function addData(program: Command): void {
  const data = program
    .command('data')
    .description('datasets: which there are, where to get them, whether a copy is sound')
  data.command('list').description('the published datasets that can be opened').action(list)
  data
    .command('info')
    .description('archives with sizes and checksums, where to unpack them, counts, and what to know')
    .argument('[name]', 'name of a dataset (default: lists the names)')
    .action((name?: string) => (name === undefined ? list() : console.log(formatDataset(findInfo(name)))))
  data
    .command('check')
    .description('open a dataset, count its images, and decode some of each split or all')
    .argument('<spec>', 'NAME:DIR, folder:DIR, packed:FILE or synthetic[:COUNT]')
    .option('--all', 'decode every image')
    .option('--allow-partial', 'accept an incomplete copy')
    .action(check)
  data
    .command('pack')
    .description('copy a dataset of image files into one file, which opens faster (SPEC packed:FILE)')
    .argument('<spec>', 'NAME:DIR or folder:DIR')
    .argument('<file>', 'the file to write')
    .option(
      '--shorter-side <pixels>',
      'scale larger images down until their shorter side has so many',
      Number,
    )
    .option('--quality <number>', 'JPEG quality of images that are scaled down (default: 90)', Number)
    .option('--allow-partial', 'accept an incomplete copy')
    .option('--skip-undecodable', 'leave images out that cannot be decoded, each with a warning')
    .action(pack)
}

interface PackFlags {
  shorterSide?: number
  quality?: number
  allowPartial?: boolean
  skipUndecodable?: boolean
}

async function pack(
  spec: string,
  file: string,
  { allowPartial = false, skipUndecodable = false, ...options }: PackFlags,
): Promise<void> {
  const onError = skipUndecodable ? 'skip' : 'throw'
  const dataset = await openDataset(spec, { allowPartial, onError })
  try {
    await packImages(dataset, file, { ...options, onError })
    const counts = dataset.splits.map((split) => `${grouped(dataset.split(split).length)} ${split}`)
    console.log(`${counts.join(', ')} images are in ${file}; use it as packed:${file}`)
  } finally {
    await dataset.close()
  }
}

function list(): void {
  console.log(formatDatasets(Array.from(datasets.values(), ({ info }) => info)))
}

/** @throws SimclrError for an unknown name, naming the nearest one. */
function findInfo(name: string): DatasetInfo {
  const info = datasets.get(name)?.info
  if (info !== undefined) return info
  const names = Array.from(datasets.keys())
  const near = nearestWord(name, names)
  throw new SimclrError({
    parameter: 'data info',
    expected: `one of ${names.join(', ')}`,
    received: `"${name}"`,
    ...(near === undefined ? {} : { remedy: `Did you mean "${near}"?` }),
  })
}

async function check(spec: string, { allowPartial = false, all = false }: CheckFlags): Promise<void> {
  const began = performance.now()
  let printed = began
  let failed = 0
  const result = await checkDataset(spec, {
    allowPartial,
    all,
    onFailure: (path, reason) => {
      failed++
      console.log(`cannot be decoded: ${path}: ${reason.trim().replaceAll('\n', '; ')}`)
    },
    onProgress: (done, total) => {
      const now = performance.now()
      if (now - printed < 1000 * QUIET_SECONDS) return
      printed = now
      const rate = done / ((now - began) / 1000)
      const left = duration((total - done) / rate)
      console.log(`${grouped(done)} of ${grouped(total)} images  ${Math.round(rate)} images/s  ${left} left`)
    },
  })
  console.log(formatCheck(result, failed))
  if (failed > 0) process.exitCode = 1
}

function formatCheck({ name, classes, counts, read }: DatasetCheck, failed: number): string {
  const official = datasets.get(name)?.info.counts
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const examples = classes.slice(0, 3).join(', ') + (classes.length > 3 ? ', …' : '')
  return [
    ...Object.entries(counts).map(([split, count]) => {
      const whole = official?.[split as keyof typeof official]
      const share = whole === undefined || whole === count ? '' : ` of the official ${grouped(whole)}`
      return `${split}: ${grouped(count)}${share} images`
    }),
    classes.length === 0 ? 'no classes' : `${grouped(classes.length)} classes: ${examples}`,
    `${grouped(read)} of ${grouped(total)} images read, ${failed === 0 ? 'all sound' : `${grouped(failed)} undecodable`}`,
  ].join('\n')
}
