import { formulaValues } from '@simclr/tools/testing'
import {
  add,
  conv2d,
  depthwiseConv2d,
  engine,
  fused,
  moments,
  mul,
  type Rank,
  relu,
  rsqrt,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
  tensor,
  tidy,
  topk,
  valueAndGrad,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { findTensorflow, useEngine } from '../index.ts'

const { found, obstacle } = findTensorflow('tensorflow')
if (found === undefined)
  console.log(`register-tensorflow: skipped, ${obstacle}: simclr engine install tensorflow`)

const sizeOf = (shape: number[]) => shape.reduce((product, size) => product * size, 1)
const fixed = (shape: number[]) => tensor<Rank>(formulaValues(2, sizeOf(shape)), shape) as Tensor4D

/** Value of a weighted sum of `run`, and its gradient at values that a formula gives, on a backend. */
async function onBackend(name: 'tensorflow' | 'cpu', shape: number[], run: (x: Tensor4D) => Tensor) {
  await useEngine(name)
  return tidy(() => {
    const weighted = (x: Tensor): Tensor => {
      const y = run(x as Tensor4D)
      return sum(mul(y, fixed(y.shape)))
    }
    const { value, grad } = valueAndGrad(weighted)(tensor(formulaValues(1, sizeOf(shape)), shape))
    return { value: value.dataSync()[0]!, gradient: [...grad.dataSync()] }
  })
}

const missing = found ? '' : ' (skipped where it is not installed: simclr engine install tensorflow)'

describe.runIf(found)(`the tensorflow engine${missing}`, () => {
  beforeAll(async () => {
    await useEngine('tensorflow')
  })

  test('states its facts', async () => {
    const selection = await useEngine('tensorflow')
    expect(selection).toMatchObject({ name: 'tensorflow', device: 'cpu' })
    expect(selection.version).toMatch(/^2\.\d+\.\d+/)
    expect(selection.threads).toBeGreaterThanOrEqual(1)
    expect(selection.reason).toContain(found!.binding)
  })

  test('refuses a GPU', async () => {
    await expect(useEngine('tensorflow', { device: 'cuda' })).rejects.toThrow(/must be cpu, got "cuda"/)
  })

  test("computes what calls the functions of Node's util that are gone", () => {
    const values = tidy(() => topk(tensor([3, 1, 2]), 2).values.dataSync())
    expect([...values]).toEqual([3, 2])
  })

  describe('convolutions with every padding agree with plain JavaScript in value and gradient', () => {
    const paddings = [
      0,
      1,
      2,
      'same',
      'valid',
      [
        [0, 0],
        [1, 0],
        [2, 1],
        [0, 0],
      ],
    ] as const
    const cases = paddings.flatMap((pad) =>
      [1, 2].map((stride) => [JSON.stringify(pad), stride, pad as 'same'] as const),
    )
    const image = [2, 7, 6, 3]

    test.each(cases)('padding %s, stride %i', async (_, stride, pad) => {
      const runs: [number[], (x: Tensor4D) => Tensor][] = [
        [image, (x) => conv2d(x, fixed([3, 3, 3, 4]), stride, pad)],
        [[3, 3, 3, 4], (filter) => conv2d(fixed(image), filter, stride, pad)],
        [image, (x) => depthwiseConv2d(x, fixed([3, 3, 3, 2]), stride, pad)],
        [[3, 3, 3, 2], (filter) => depthwiseConv2d(fixed(image), filter, stride, pad)],
        [
          image,
          (x) => fused.conv2d({ x, filter: fixed([3, 3, 3, 4]), strides: stride, pad, activation: 'relu' }),
        ],
      ]
      for (const [shape, run] of runs) {
        const { value, gradient } = await onBackend('tensorflow', shape, run)
        const expected = await onBackend('cpu', shape, run)
        expect(value).toBeCloseTo(expected.value, 4)
        expect(gradient).toBeAllClose(expected.gradient, { absolute: 1e-4, relative: 1e-5 })
      }
    })
  })

  describe('batch normalisation in training', () => {
    const epsilon = 1e-5

    test.each([
      [[3, 4, 2, 5], true],
      [[3, 4, 2, 5], false],
      [[6, 5], true],
    ])('shape %j, ReLU %s: mean, deviation and result of the formula', async (shape, isRelu) => {
      await useEngine('tensorflow')
      tidy(() => {
        const [x, residual] = [fixed(shape), mul(fixed(shape), -0.5)]
        const [scale, offset] = [fixed([5]), mul(fixed([5]), 2)]
        const [y, mean, inverseDeviation] = engine().runKernel<Tensor[]>(
          'BatchNormTraining',
          { x, scale, offset, residual },
          { epsilon, relu: isRelu },
        ) as [Tensor, Tensor, Tensor]
        const axes = shape.slice(0, -1).map((_, axis) => axis)
        const statistics = moments(x, axes)
        const inverse = rsqrt(add(statistics.variance, epsilon))
        const normalised = mul(sub(x, statistics.mean), inverse)
        const sum = add(add(mul(normalised, scale), offset), residual)
        expect(mean).toBeAllClose(statistics.mean, { absolute: 1e-6 })
        expect(inverseDeviation).toBeAllClose(inverse, { relative: 1e-5 })
        expect(y).toBeAllClose(isRelu ? relu(sum) : sum, { absolute: 1e-5, relative: 1e-5 })
      })
    })
  })

  test('leaves no tensor behind', async () => {
    await useEngine('tensorflow')
    expect(() =>
      tidy(() => {
        valueAndGrad((x) => sum(conv2d(x as Tensor4D, fixed([3, 3, 3, 4]), 1, 1)))(fixed([2, 5, 5, 3]))
      }),
    ).toLeakNoTensors()
  })
})
