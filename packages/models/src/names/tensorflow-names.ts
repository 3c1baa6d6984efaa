/** The names of the official TensorFlow code, releases 1 and 2, which number layers as they are made. */
import type { NameFormat } from './name-format.ts'

/** Of the linear and projection heads, whose normalisations continue the encoder's numbers in release 2. */
const HEAD = /(^|\/)(head_|projection_head|supervised_head|linear_layer|n?l_\d)/

const LAYER = /(?:^|\/)(conv2d|(?:sync_)?batch_normalization)(?:_(\d+))?\/(\w+)$/

const VARIABLES: readonly string[] = ['kernel', 'gamma', 'beta', 'moving_mean', 'moving_variance']

/**
 * `base_model/conv2d_1/kernel` and `base_model/batch_normalization_1/gamma` of release 1 and its SavedModels,
 * `resnet/…/conv2d_fixed_padding_1/conv2d_1/kernel:0` of release 2, with `sync_batch_normalization` too. Convolutions
 * and normalisations are each taken in the order of their numbers, wherever these start. Optimizer slots and the
 * global step are no part of the encoder.
 */
export const tensorflowNames: NameFormat = {
  name: 'tensorflow',
  styles: ['official'],
  layout: 'tensorflow',
  find(arrays) {
    const convolutions = new Map<number, [string, string][]>()
    const norms = new Map<number, [string, string][]>()
    for (const file of arrays.keys()) {
      const layer = LAYER.exec(file.replace(/:0$/, ''))
      if (layer === null || HEAD.test(file)) continue
      const [, kind, digits = '0', variable = ''] = layer
      if (!VARIABLES.includes(variable)) continue
      const layers = kind === 'conv2d' ? convolutions : norms
      const number = Number(digits)
      layers.set(number, [...(layers.get(number) ?? []), [variable, file]])
    }
    if (convolutions.size === 0 || norms.size === 0) return undefined
    return new Map([...inOrder('conv2d', convolutions), ...inOrder('batch_normalization', norms)])
  },
  names(variables) {
    let convolutions = 0
    let norms = 0
    return variables.map(({ name }) => {
      const variable = name.slice(name.lastIndexOf('.') + 1)
      if (variable === 'kernel') return layerName('conv2d', convolutions++, variable)
      if (variable === 'gamma') norms++
      return layerName('batch_normalization', norms - 1, variable)
    })
  },
}

function inOrder(kind: string, layers: ReadonlyMap<number, [string, string][]>): [string, string][] {
  return [...layers]
    .sort(([a], [b]) => a - b)
    .flatMap(([, variables], i) =>
      variables.map(([variable, file]): [string, string] => [layerName(kind, i, variable), file]),
    )
}

function layerName(kind: string, index: number, variable: string): string {
  return `base_model/${kind}${index === 0 ? '' : `_${index}`}/${variable}`
}
