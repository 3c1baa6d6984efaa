/** The projection head against the official implementation (golden 06), and its laws. */
import { formulaValues, type GoldenArray, readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import {
  mean,
  mul,
  ones,
  type Scalar,
  sum,
  type Tensor2D,
  tensor2d,
  tidy,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { type GoldenVariable, loadFormulaWeights, variablesByName } from './__fixtures__/golden-module.ts'
import { ProjectionHead, type ProjectionHeadType } from './projection-head.ts'

interface GoldenHead {
  readonly name: string
  readonly mode: 'none' | 'linear' | 'nonlinear'
  readonly num_layers: number
  readonly in_dim: number
  readonly out_dim: number
  readonly variables: GoldenVariable[]
  readonly params_trainable: number
  readonly params_total: number
  readonly loss_training: number
}

const golden = readGoldenJson<{
  heads: GoldenHead[]
  param_counts: Pick<
    GoldenHead,
    'mode' | 'num_layers' | 'in_dim' | 'out_dim' | 'params_trainable' | 'params_total'
  >[]
}>(new URL('./__fixtures__/06_projection_head.json', import.meta.url))
const arrays = readGoldenArrays(new URL('./__fixtures__/06_projection_head.safetensors', import.meta.url))

const typeOf = { none: 'none', linear: 'linear', nonlinear: 'mlp' } as const
const tolerance = { relative: 2e-5 }

function upload({ values, shape }: GoldenArray): Tensor2D {
  return tensor2d(values, shape as [number, number], 'float32')
}

describe.each(golden.heads)('golden $name', (row) => {
  const { name, mode, num_layers, in_dim, out_dim } = row
  const options = { inputWidth: in_dim, outputWidth: out_dim, type: typeOf[mode] }
  const build = () => new ProjectionHead({ ...options, ...(num_layers > 0 ? { layers: num_layers } : {}) })

  test('has the names and sizes of the official variables', () => {
    const head = build()
    const found = [...variablesByName(head)].map(([name, { shape }]) => ({ name, shape }))
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
    const expected = row.variables.map(({ name, shape }) => ({ name, shape }))
    expect(found.sort(byName)).toEqual(expected.sort(byName))
    head.dispose()
  })

  test.each(['inference', 'training'] as const)('%s: every layer and every gradient', (pass) => {
    const head = build()
    const training = pass === 'training'
    tidy(() => {
      const x = upload(arrays.get('input')!)
      for (let layers = 1; layers <= num_layers; layers++) {
        loadFormulaWeights(head, row.variables)
        const hidden = head.apply(x, { training, layers })
        expect(hidden).toBeAllClose(arrays.get(`${name}.${pass}.h${layers}`)!.values, tolerance)
      }

      loadFormulaWeights(head, row.variables)
      const input = variable(x)
      const lossWeight =
        mode === 'none' ? arrays.get(`none0.${pass}.grad_input`)! : arrays.get('loss_weight')!
      const loss = (): Scalar =>
        sum(mul(head.apply(input as unknown as Tensor2D, { training }), upload(lossWeight)))
      const { value, grads } = variableGrads(loss)
      if (training) expect(value).toBeAllClose([row.loss_training], { absolute: 2e-4 })
      expect(grads[input.name]!).toBeAllClose(arrays.get(`${name}.${pass}.grad_input`)!.values, tolerance)
      for (const parameter of head.parameters()) {
        const expected = arrays.get(`${name}.${pass}.grad.${parameter.name}`)!.values
        expect(grads[parameter.value.name]!).toBeAllClose(expected, tolerance)
      }
      for (const { name: variableName, value: moved } of training ? head.state() : []) {
        const expected = arrays.get(`${name}.after_training.${variableName}`)!.values
        expect(moved).toBeAllClose(expected, tolerance)
      }
      input.dispose()
    })
    head.dispose()
  })
})

test.each(golden.param_counts.filter(({ in_dim }) => in_dim < 8192))(
  '$mode with $num_layers layers, $in_dim → $out_dim: parameter counts',
  ({ mode, num_layers, in_dim, out_dim, params_trainable, params_total }) => {
    const options = { inputWidth: in_dim, outputWidth: out_dim, type: typeOf[mode], layers: num_layers }
    const head = new ProjectionHead(options)
    const sizeOf = (list: { value: { size: number } }[]) =>
      list.reduce((total, { value }) => total + value.size, 0)
    expect(sizeOf(head.parameters())).toBe(params_trainable)
    expect(sizeOf([...head.parameters(), ...head.state()])).toBe(params_total)
    head.dispose()
  },
)

test('defaults are those of the paper: two layers, 128 wide', () => {
  const head = new ProjectionHead({ inputWidth: 16 })
  const shapes = head.parameters().map(({ name, role, value }) => `${name} ${role} ${value.shape}`)
  expect(shapes).toEqual([
    'layer0.dense.kernel kernel 16,16',
    'layer0.bn.gamma scale 16',
    'layer0.bn.beta offset 16',
    'layer1.dense.kernel kernel 16,128',
    'layer1.bn.gamma scale 128',
  ])
  head.dispose()
})

test('none returns a copy of the features and keeps their width', () => {
  const head = new ProjectionHead({ inputWidth: 3, type: 'none' })
  const x = ones([2, 3]) as Tensor2D
  const y = head.apply(x, { training: true })
  y.dispose()
  expect(x.isDisposed).toBe(false)
  expect(head.outputWidth).toBe(3)
  x.dispose()
})

test.each([32, 64, 128, 256, 512, 1024, 2048])('figure 8: any type to a width of %d', (outputWidth) => {
  for (const [type, layers] of [
    ['linear', 1],
    ['mlp', 1],
    ['mlp', 4],
  ] as const) {
    const head = new ProjectionHead({ inputWidth: 24, type, layers, outputWidth })
    tidy(() => {
      const embeddings = head.apply(tensor2d(formulaValues(1, 96), [4, 24]), { training: true })
      expect(embeddings.shape).toEqual([4, outputWidth])
      expect(head.children).toHaveLength(layers)
      // Batch normalisation without offset ends every head.
      expect(mean(embeddings, 0)).toBeAllClose(new Float32Array(outputWidth), { absolute: 1e-5 })
    })
    head.dispose()
  }
})

test('apply leaks nothing, with and without gradients', () => {
  const head = new ProjectionHead({ inputWidth: 8, outputWidth: 4 })
  const x = tensor2d(formulaValues(1, 32), [4, 8])
  expect(() => head.apply(x, { training: true }).dispose()).toLeakNoTensors()
  expect(() => {
    const { value, grads } = variableGrads(() => sum(head.apply(x, { training: true })))
    value.dispose()
    for (const gradient of Object.values(grads)) gradient.dispose()
  }).toLeakNoTensors()
  expect(() => new ProjectionHead({ inputWidth: 8 }).dispose()).toLeakNoTensors()
  head.dispose()
  x.dispose()
})

describe('bad input', () => {
  test.each([
    [{ inputWidth: 0 }, /ProjectionHead: inputWidth: must be a whole number of at least 1, got 0/],
    [{ inputWidth: 8, outputWidth: 1.5 }, /ProjectionHead: outputWidth: .* got 1.5/],
    [{ inputWidth: 8, hiddenWidth: 0 }, /ProjectionHead: hiddenWidth: .* got 0/],
    [{ inputWidth: 8, layers: 0 }, /ProjectionHead: layers: .* got 0.*type: 'none'/],
    [
      { inputWidth: 8, type: 'deep' as ProjectionHeadType },
      /ProjectionHead: type: must be 'mlp', 'linear' or 'none', got "deep"/,
    ],
  ])('%o', (options, message) => {
    expect(() => new ProjectionHead(options)).toThrow(message)
  })

  test('layers that are not there', () => {
    const head = new ProjectionHead({ inputWidth: 8 })
    const x = ones([2, 8]) as Tensor2D
    for (const layers of [-1, 3]) {
      const received = new RegExp(`ProjectionHead: layers: must be a number between 0 and 2, got ${layers}`)
      expect(() => head.apply(x, { training: false, layers })).toThrow(received)
    }
    x.dispose()
    head.dispose()
  })

  test('features of another width', () => {
    const head = new ProjectionHead({ inputWidth: 8 })
    const x = ones([2, 7]) as Tensor2D
    expect(() => head.apply(x, { training: false })).toThrow(/shape \[any, 8\], got shape \[2, 7\]/)
    x.dispose()
    head.dispose()
  })
})
