/** Where a file of weights keeps a projection head. */
import { SimclrError } from '@simclr/core'
import type { ArrayInfo, WeightFile } from '../files/weight-file.ts'
import { type FoundHead, headNames } from './found-head.ts'
import { summarize } from './summarize.ts'

const SIMCLR = /(?:^|\.)layer(\d+)\.(dense|bn)\.(kernel|gamma|beta|moving_mean|moving_variance)$/

const TENSORFLOW =
  /(?:^|\/)(?:head_contrastive|projection_head(?:_\d+)?)\/n?l_(\d+)\/(?:\w+\/)*(dense|(?:sync_)?batch_normalization)(?:_\d+)?\/(kernel|gamma|beta|moving_mean|moving_variance)(?::0)?$/

const PYTORCH =
  /(?:^|\.)(?:projection_head(?:\.layers)?|projector|projection)\.(\d+)\.(weight|bias|running_mean|running_var)$/

/** Whether a file names a projection head, be it one that can be imported or not. */
export function hasProjectionHead(file: WeightFile): boolean {
  const names = headNames(file.arrays)
  return [SIMCLR, TENSORFLOW, PYTORCH].some((pattern) => names.some((name) => pattern.test(name)))
}

/**
 * Our names under any prefix; the official `head_contrastive/nl_0/…` and `projection_head/nl_0/…` (release 1 and 2); a
 * `Sequential` of PyTorch named `projection_head`, `projection_head.layers` or `projector`.
 *
 * @throws SimclrError if there is none of these, or the layers of a Sequential are not those of our projection head.
 */
export function findProjectionHead(file: WeightFile): FoundHead {
  const { arrays } = file
  const names = headNames(arrays)
  const head =
    named('simclr', names, SIMCLR) ?? named('tensorflow', names, TENSORFLOW) ?? sequential(file, names)
  if (head !== undefined) return head
  throw new SimclrError({
    parameter: `importProjectionHead: ${file.name}`,
    expected:
      'a file with layer0.dense.kernel (simclr), head_contrastive/nl_0/… or projection_head/nl_0/… (tensorflow), projection_head.layers.0.weight or projector.0.weight (pytorch)',
    received: arrays.size === 0 ? 'no array' : `${arrays.size} arrays: ${summarize([...arrays.keys()])}`,
    remedy: 'Many published files hold the encoder alone.',
  })
}

function named(name: string, names: readonly string[], pattern: RegExp): FoundHead | undefined {
  const found = new Map<string, string>()
  for (const file of names) {
    const match = pattern.exec(file)
    if (match === null) continue
    const [, layer, part, variable] = match
    found.set(`layer${layer}.${part === 'dense' ? 'dense' : 'bn'}.${variable}`, file)
  }
  return found.size === 0 ? undefined : { name, layout: 'tensorflow', found }
}

/** The variables of one entry of a Sequential: its names in the file by PyTorch's names. */
type Entry = Map<string, string>

function sequential(file: WeightFile, names: readonly string[]): FoundHead | undefined {
  const entries = new Map<number, Entry>()
  for (const name of names) {
    const match = PYTORCH.exec(name)
    if (match === null) continue
    const [, number, variable = ''] = match
    const entry = entries.get(Number(number)) ?? new Map()
    entries.set(Number(number), entry.set(variable, name))
  }
  if (entries.size === 0) return undefined
  const found = new Map<string, string>()
  const dense = [...entries].filter(([, entry]) => isDense(entry, file.arrays)).sort(([a], [b]) => a - b)
  dense.forEach(([number, entry], i) => {
    const norm = entries.get(number + 1)
    const next = dense[i + 1]?.[0]
    const name = entry.get('weight')!
    if (norm?.has('running_mean') !== true) throw refused(file, `no batch normalisation behind ${name}`)
    if (next !== undefined && next !== number + 3) throw refused(file, `no ReLU alone before entry ${next}`)
    if (entry.has('bias')) throw refused(file, `a bias, ${entry.get('bias')}`)
    found.set(`layer${i}.dense.kernel`, name)
    const variables = {
      weight: 'gamma',
      bias: 'beta',
      running_mean: 'moving_mean',
      running_var: 'moving_variance',
    }
    for (const [theirs, ours] of Object.entries(variables)) {
      if (norm.has(theirs)) found.set(`layer${i}.bn.${ours}`, norm.get(theirs)!)
    }
  })
  return { name: 'pytorch', layout: 'pytorch', found }
}

function isDense(entry: Entry, arrays: ReadonlyMap<string, ArrayInfo>): boolean {
  return arrays.get(entry.get('weight') ?? '')?.shape.length === 2
}

function refused(file: WeightFile, received: string): SimclrError {
  return new SimclrError({
    parameter: `importProjectionHead: ${file.name}`,
    expected: 'layers of a Linear without bias, BatchNorm1d and, except for the last, ReLU',
    received,
    remedy: 'Import the encoder alone, which is what evaluations use.',
  })
}
