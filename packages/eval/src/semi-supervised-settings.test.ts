import { expect, test } from 'vitest'
import { semiSupervisedSettings } from './semi-supervised-settings.ts'

test.each([
  [12_811 / 1_281_167, 60],
  [0.02, 60],
  [0.05, 30],
  [128_116 / 1_281_167, 30],
  [1, 30],
])('%d of the labels', (share, epochs) => {
  expect(semiSupervisedSettings(share)).toEqual({ epochs, batchSize: 4096 })
})

test.each([0, 1.1, Number.NaN])('refuses %d', (share) => {
  expect(() => semiSupervisedSettings(share)).toThrow('semiSupervisedSettings: share')
})
