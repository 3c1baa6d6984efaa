/** The datasets of `simclr transfer`: those of the paper in one folder, and any other by its SPEC. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { nearestWord, SimclrError } from '@simclr/core'
import { type DatasetInfo, datasets, type OpenOptions, openDataset } from '@simclr/data/node'
import { type TransferDataset, transferDatasets } from '@simclr/eval'

export interface TransferDatasetFlags {
  /** Where the archives of the paper's datasets were unpacked. */
  readonly dataDir?: string
  /** `all`, names, or `NAME=SPEC`. Default all. */
  readonly datasets?: readonly string[]
}

/** What is to be opened. */
interface Source {
  readonly name: string
  readonly spec: string
  readonly info: DatasetInfo | undefined
}

/**
 * Opens all of them, or none. One of the paper's is looked for in the folder of its name under `--data-dir`, then in
 * `--data-dir` itself.
 *
 * @returns the datasets; the caller closes them.
 * @throws SimclrError for an unknown name, and one that says of all datasets that cannot be opened why and what must lie
 * where.
 */
export async function openTransferDatasets(
  flags: TransferDatasetFlags,
  options: OpenOptions,
): Promise<TransferDataset[]> {
  const sources = await Promise.all(namesOf(flags).map((text) => findSource(text, flags.dataDir)))
  const opened = await Promise.allSettled(sources.map(({ spec }) => openDataset(spec, options)))
  const failures = opened.flatMap((result, i) =>
    result.status === 'rejected' ? [describeFailure(sources[i]!, result.reason)] : [],
  )
  if (failures.length > 0) {
    await Promise.all(opened.map((result) => result.status === 'fulfilled' && result.value.close()))
    throw new SimclrError({
      parameter: '--datasets',
      expected: 'datasets that can be opened',
      received: `${failures.length} of ${sources.length} that cannot`,
      remedy: `Unpack them there ("simclr data info NAME" says where to get them) or name others in --datasets.\n\n${failures.join('\n\n')}`,
    })
  }
  return opened.flatMap((result, i) => {
    const { name, info } = sources[i]!
    if (result.status === 'rejected') return []
    const { title, metric } = info ?? {}
    return [{ name, dataset: result.value, ...(title && { title }), ...(metric && { metric }) }]
  })
}

function namesOf({ datasets: texts = ['all'] }: TransferDatasetFlags): readonly string[] {
  return texts.flatMap((text) => (text === 'all' ? transferDatasets : [text]))
}

/** @param text A name, or `NAME=SPEC`. */
async function findSource(text: string, dataDir: string | undefined): Promise<Source> {
  const equals = text.indexOf('=')
  if (equals > 0) {
    const [name, spec] = [text.slice(0, equals), text.slice(equals + 1)]
    const published = datasets.get(spec.slice(0, spec.indexOf(':')))?.info
    return { name, spec, info: published && { ...published, title: titleOf(name, published) } }
  }
  checkName(text)
  if (dataDir === undefined) {
    throw new SimclrError({
      parameter: '--data-dir',
      expected: `given, or a place for the dataset as ${text}=SPEC`,
      received: 'none',
    })
  }
  const own = join(dataDir, text)
  const folder = (await isFolder(own)) ? own : dataDir
  return { name: text, spec: `${text}:${folder}`, info: datasets.get(text)!.info }
}

/** The published title under the published name, else the name that was chosen. */
function titleOf(name: string, info: DatasetInfo): string {
  return name === info.name ? info.title : name
}

function checkName(name: string): void {
  if (transferDatasets.includes(name)) return
  const near = nearestWord(name, transferDatasets)
  throw new SimclrError({
    parameter: '--datasets',
    expected: `all, NAME=SPEC, or some of ${transferDatasets.join(', ')}`,
    received: `"${name}"`,
    ...(near !== undefined && { remedy: `Did you mean "${near}"?` }),
  })
}

function describeFailure({ name, spec, info }: Source, reason: unknown): string {
  const lines = [`${name}: ${reason instanceof Error ? reason.message : String(reason)}`]
  if (info !== undefined) {
    const folder = spec.slice(spec.indexOf(':') + 1)
    lines.push(`what must lie in ${folder}:`, ...info.layout.split('\n').map((line) => `  ${line}`))
  }
  return lines.join('\n  ')
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
