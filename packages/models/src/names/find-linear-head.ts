/** Where a file of weights keeps a linear classifier. */
import type { WeightFile } from '../files/weight-file.ts'
import { type FoundHead, headNames } from './found-head.ts'

/** Each with what stands at a kernel's and at a bias's end; `layer0.dense.kernel` is a projection head's. */
const CONVENTIONS = [
  {
    name: 'simclr',
    layout: 'tensorflow',
    kernel: /^(?!.*\blayer\d+\.)(?:.*\.)?dense\.kernel$/,
  },
  {
    name: 'tensorflow',
    layout: 'tensorflow',
    kernel:
      /(?:^|\/)(?:head_supervised|supervised_head)(?:_\d+)?\/linear_layer(?:_\d+)?\/dense\w*\/kernel(?::0)?$/,
  },
  {
    name: 'pytorch',
    layout: 'pytorch',
    kernel: /^(?!.*\blayer\d+\.)(?:.*\.)?(?:fc|linear|classifier)\.weight$/,
  },
] as const

/** The first by the order simclr, tensorflow, pytorch; undefined if the file names none. */
export function findLinearHead({ arrays }: WeightFile): FoundHead | undefined {
  const names = headNames(arrays)
  for (const { name, layout, kernel: pattern } of CONVENTIONS) {
    const kernel = names.find((candidate) => pattern.test(candidate))
    if (kernel === undefined) continue
    const bias = kernel.replace(/(kernel|weight)(?=(:0)?$)/, 'bias')
    const found = new Map([['dense.kernel', kernel]])
    if (arrays.has(bias)) found.set('dense.bias', bias)
    return { name, layout, found }
  }
  return undefined
}
