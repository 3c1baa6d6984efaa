/** The names of torchvision's and timm's ResNets, and of the many projects that wrap one of them. */
import type { EncoderVariable } from './encoder-variables.ts'
import type { NameFormat } from './name-format.ts'

/** Every convention has this block; what stands before it is the prefix. */
const FIRST_BLOCK = '0.conv1.weight'

/** Encoders that follow another one in the same file: the slow copies of MoCo, BYOL and their like. */
const COPY = /momentum|encoder_k|target|teacher|ema[._]/

const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['kernel', 'weight'],
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['moving_mean', 'running_mean'],
  ['moving_variance', 'running_var'],
])

/**
 * `conv1.weight`, `layer1.0.downsample.0.weight` and so on, under any prefix (`module.`, `backbone.`, `encoder_q.` …).
 * Also the numbers that `Sequential(*resnet.children())` gives (lightly: `backbone.0` for conv1, `.1` for bn1, `.4` to
 * `.7` for the layers; less where ReLU or pool were left out), and `shortcut` in place of `downsample`.
 */
export const torchvisionNames: NameFormat = {
  name: 'torchvision',
  styles: ['torchvision', 'official'],
  layout: 'pytorch',
  find(arrays) {
    const encoders = [...arrays.keys()]
      .map((name) => encoderAt(name, arrays))
      .filter((at) => at !== undefined)
    const encoder = encoders.find(({ prefix }) => !COPY.test(prefix)) ?? encoders[0]
    if (encoder === undefined) return undefined
    const { prefix, firstLayer } = encoder
    return new Map(
      [...arrays.keys()]
        .filter((name) => name.startsWith(prefix) && !name.endsWith('.num_batches_tracked'))
        .map((name): [string, string] => [plainName(name.slice(prefix.length), firstLayer), name])
        .filter(([name]) => /^(conv1|bn1|layer\d+)\./.test(name)),
    )
  },
  names: (variables) => variables.map(torchvisionName),
}

/** @param firstLayer The number of layer1 in a Sequential; undefined where layers have names. */
function encoderAt(name: string, arrays: ReadonlyMap<string, unknown>) {
  if (!name.endsWith(FIRST_BLOCK)) return undefined
  const match = /^(|.*\.)(layer1|[234])\.$/.exec(name.slice(0, -FIRST_BLOCK.length))
  if (match === null) return undefined
  const [, prefix = '', layer] = match
  if (layer === 'layer1') return { prefix, firstLayer: undefined }
  return arrays.has(`${prefix}0.weight`) ? { prefix, firstLayer: Number(layer) } : undefined
}

function plainName(name: string, firstLayer: number | undefined): string {
  const spelled = name.replace('.shortcut.', '.downsample.')
  if (firstLayer === undefined) return spelled
  return spelled.replace(/^\d+(?=\.)/, (digits) => {
    const number = Number(digits)
    if (number === 0) return 'conv1'
    if (number === 1) return 'bn1'
    return number < firstLayer ? digits : `layer${number - firstLayer + 1}`
  })
}

function torchvisionName({ name }: Pick<EncoderVariable, 'name'>): string | undefined {
  const match = /^(?:stem|group(\d)\.block(\d+))\.(shortcut\.)?(conv|bn)(\d)\.(\w+)$/.exec(name)
  if (match === null) return undefined
  const [, group, block, shortcut, kind = '', index = '', suffix = ''] = match
  const layer = shortcut === undefined ? `${kind}${index}` : `downsample.${kind === 'conv' ? 0 : 1}`
  const place = group === undefined ? '' : `layer${group}.${block}.`
  return `${place}${layer}.${SUFFIXES.get(suffix)}`
}
