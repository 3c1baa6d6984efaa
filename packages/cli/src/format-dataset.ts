/** What is known about published datasets, for a person who is about to fetch one. */
import type { Archive, DatasetInfo } from '@simclr/data/node'

/** One line for each dataset. */
export function formatDatasets(infos: Iterable<DatasetInfo>): string {
  const rows = Array.from(infos, (info) => [info.name, info.title, classCount(info), splitCounts(info)])
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return [
    ...rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    ),
    'Use one as --data NAME:DIR; "simclr data info NAME" says where to get it.',
    'Without one: --data synthetic[:COUNT], or --data folder:DIR for any folder of images.',
  ].join('\n')
}

/** Everything: counts, archives with sizes and checksums, where to unpack them, how to use it. */
export function formatDataset(info: DatasetInfo): string {
  const { name, title, homepage, metric, archives, layout, notes = [] } = info
  return [
    title,
    homepage,
    `${classCount(info)}; ${splitCounts(info)} images`,
    ...(metric === undefined ? [] : [`transfer protocol: ${metric}`]),
    ...section('archives, to be unpacked in a folder DIR', archives.flatMap(formatArchive)),
    ...section('what must lie in DIR then', layout.split('\n')),
    ...section('notes', notes),
    '',
    `use: --data ${name}:DIR`,
    `test: simclr data check ${name}:DIR`,
  ].join('\n')
}

function formatArchive({ file, bytes, md5, sha256, unpackIn }: Archive): string[] {
  const size = bytes === undefined ? [] : [`${formatBytes(bytes)} (${grouped(bytes)} bytes)`]
  const place = unpackIn === undefined ? [] : [`unpack in DIR/${unpackIn}`]
  return [
    [file, ...size, ...place].join('  '),
    ...Object.entries({ md5, sha256 }).flatMap(([kind, sum]) =>
      sum === undefined ? [] : [`  ${kind} ${sum}`],
    ),
  ]
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)]
}

function classCount({ classes }: DatasetInfo): string {
  return `${grouped(classes)} classes`
}

function splitCounts({ counts }: DatasetInfo): string {
  return Object.entries(counts)
    .map(([split, count]) => `${grouped(count)} ${split}`)
    .join(', ')
}

/** `4996278331` as `5.0 GB`. */
function formatBytes(bytes: number): string {
  const steps = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 4)
  return `${(bytes / 1000 ** steps).toFixed(steps === 0 ? 0 : 1)} ${['bytes', 'kB', 'MB', 'GB', 'TB'][steps]}`
}

/** `75750` as `75,750`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
