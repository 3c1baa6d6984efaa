import * as tf from '@tensorflow/tfjs-core'
import { type Case, compareWithCpu } from '../__fixtures__/compare-with-cpu.ts'

const einsum = (equation: string, ...inputs: (readonly number[])[]): Case => ({
  name: equation,
  run: (...tensors) => tf.einsum(equation, ...tensors),
  inputs,
  gradient: false,
})

compareWithCpu('einsum', [
  einsum('i->', [4]),
  einsum('ij->ji', [2, 3]),
  einsum('ij, ij -> ij', [2, 3], [2, 3]),
  einsum('ij,jk->ik', [2, 3], [3, 4]),
  einsum('bij,bkj->bik', [2, 3, 4], [2, 5, 4]),
  einsum('abc,cd->dba', [2, 3, 4], [4, 5]),
  einsum('i,j->ji', [2], [3]),
  {
    name: 'of integers',
    run: (a, b) => tf.einsum('ij,jk->ik', a!, b!),
    inputs: [
      ['int32', [2, 3]],
      ['int32', [3, 2]],
    ],
  },
])
