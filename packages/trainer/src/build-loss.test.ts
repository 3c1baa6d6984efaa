import { marginTriplet, ntLogistic, ntXent, ntXentSemiHard } from '@simclr/losses'
import { formulaValues } from '@simclr/tools/testing'
import { tensor2d } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { buildLoss } from './build-loss.ts'
import { type PartialConfig, resolveConfig } from './config.ts'

const hidden = tensor2d(formulaValues(1, 12 * 5), [12, 5])
const plain = { temperature: 0.3, normalize: false }

it.each([
  ['the default', {}, ntXent(hidden, { temperature: 0.1 })],
  ['NT-Xent', plain, ntXent(hidden, plain)],
  [
    'semi-hard NT-Xent',
    { ...plain, negatives: 'semi-hard' },
    ntXentSemiHard(hidden, { ...plain, negatives: 'semi-hard' }),
  ],
  ['NT-Logistic', { ...plain, loss: 'nt-logistic' }, ntLogistic(hidden, plain)],
  [
    'semi-hard NT-Logistic',
    { ...plain, loss: 'nt-logistic', negatives: 'semi-hard' },
    ntLogistic(hidden, { ...plain, negatives: 'semi-hard' }),
  ],
  [
    'the margin triplet loss',
    { loss: 'margin-triplet', margin: 0.8, negatives: 'sum' },
    marginTriplet(hidden, { margin: 0.8, negatives: 'sum' }),
  ],
] satisfies [string, PartialConfig, unknown][])('a configuration of %s', (_, config, expected) => {
  expect(buildLoss(resolveConfig(config))(hidden)).toBeAllClose(expected.dataSync(), { absolute: 1e-6 })
})

it('refuses weights of negatives for NT-Xent', () => {
  expect(() => buildLoss(resolveConfig({ negatives: 'sum' }))).toThrow(/semi-hard rule.*got "sum"/)
})
