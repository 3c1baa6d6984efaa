import { describe, expect, test } from 'vitest'
import { goldenCounts } from './__fixtures__/golden-counts.ts'
import { ResNet } from './resnet.ts'
import { resNetCounts } from './resnet-counts.ts'

test.each(goldenCounts.rows)('official counts: ResNet-%d %dx, ratio %d, %s', (...row) => {
  const [depth, width, selectiveKernelRatio, stem, size, parameters, total, , , multiplyAdds, featureWidth] =
    row
  const architecture = { depth, width, stem, selectiveKernelRatio }
  const expected = { parameters, movingStatistics: total - parameters, multiplyAdds, featureWidth }
  expect(resNetCounts(architecture, size)).toEqual(expected)
  expect(resNetCounts(architecture)).toEqual(expected)
})

test.each([
  // pytorch.org's table of torchvision models, less 513,000 or 2,049,000 of the classifier.
  [18, 11_689_512 - 513_000],
  [34, 21_797_672 - 513_000],
  [50, 25_557_032 - 2_049_000],
  [101, 44_549_160 - 2_049_000],
  [152, 60_192_808 - 2_049_000],
])('torchvision: ResNet-%d', (depth, parameters) => {
  expect(resNetCounts({ depth, style: 'torchvision' }).parameters).toBe(parameters)
})

test.each([
  { depth: 18, width: 0.13 },
  { depth: 18, width: 0.25, style: 'torchvision' },
  { depth: 50, width: 0.1, stem: 'cifar' },
  { depth: 50, width: 0.1, selectiveKernelRatio: 1 },
  { depth: 101, width: 1 / 16, style: 'torchvision' },
] as const)('what is built: %o', (architecture) => {
  const encoder = new ResNet(architecture)
  const sizeOf = (list: { value: { size: number } }[]) => list.reduce((sum, { value }) => sum + value.size, 0)
  expect(resNetCounts(architecture)).toMatchObject({
    parameters: sizeOf(encoder.parameters()),
    movingStatistics: sizeOf(encoder.state()),
    featureWidth: encoder.featureWidth,
  })
  encoder.dispose()
})

describe('bad input', () => {
  test('an unknown depth, half a pixel', () => {
    expect(() => resNetCounts({ depth: 20 })).toThrow(/ResNet: depth: .* got 20/)
    expect(() => resNetCounts({ depth: 18 }, 0.5)).toThrow(/resNetCounts: imageSize: .* got 0.5/)
  })
})
