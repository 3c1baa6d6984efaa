/** Calls of kernels that move, pick and repeat elements. */
import type { CaseGenerator } from './kernel-case.ts'

export const movementCases: Readonly<Record<string, CaseGenerator>> = {
  Reshape: (draw) => {
    const x = draw.tensor(draw.shape())
    const shape = draw.permutation(x.shape.length).map((axis) => x.shape[axis]!)
    return { inputs: { x }, attrs: { shape: draw.chance(0.3) ? [-1] : shape } }
  },
  ExpandDims: (draw) => {
    const input = draw.tensor(draw.shape(0, 3))
    return { inputs: { input }, attrs: { dim: draw.axis(input.shape.length + 1) } }
  },
  Transpose: (draw) => {
    const x = draw.tensor(draw.shape())
    return { inputs: { x }, attrs: { perm: draw.permutation(x.shape.length) } }
  },
  Slice: (draw) => {
    const x = draw.tensor(draw.shape(1))
    const begin = x.shape.map((size) => draw.integer(0, size))
    const size = x.shape.map((length, i) => (draw.chance(0.2) ? -1 : draw.integer(0, length - begin[i]!)))
    return { inputs: { x }, attrs: { begin, size } }
  },
  StridedSlice: (draw) => {
    const x = draw.tensor(draw.shape(1))
    const mask = (probability: number) => (draw.chance(probability) ? draw.integer(0, 2) : 0)
    const shrinkAxisMask = mask(0.2)
    const attrs = {
      begin: x.shape.map((size) => draw.integer(-size, size - 1)),
      end: x.shape.map((size) => draw.integer(-size, size)),
      strides: x.shape.map(() => (shrinkAxisMask === 0 ? draw.pick([1, 2, -1, -2]) : 1)),
      ...{ beginMask: mask(0.3), endMask: mask(0.3), ellipsisMask: mask(0.1) },
      newAxisMask: shrinkAxisMask === 0 ? mask(0.1) : 0,
    }
    return { inputs: { x }, attrs: { ...attrs, shrinkAxisMask } }
  },
  SplitV: (draw) => {
    const x = draw.tensor(draw.shape(1))
    const axis = draw.axis(x.shape.length)
    const first = draw.integer(0, x.shape.at(axis)!)
    return { inputs: { x }, attrs: { numOrSizeSplits: [first, x.shape.at(axis)! - first], axis } }
  },
  Unpack: (draw) => {
    const value = draw.tensor(draw.shape(1))
    return { inputs: { value }, attrs: { axis: draw.axis(value.shape.length) } }
  },
  Concat: (draw) => {
    const shape = draw.shape(1)
    const axis = draw.axis(shape.length)
    const dtypes = [draw.pick(['float32', 'int32', 'bool'] as const)]
    const parts = draw.times(draw.integer(1, 3), () => draw.tensor(shape.with(axis, draw.size()), dtypes))
    return { inputs: parts, attrs: { axis } }
  },
  Pack: (draw) => {
    const shape = draw.shape(0, 3)
    const dtypes = [draw.pick(['float32', 'int32', 'bool'] as const)]
    const parts = draw.times(draw.integer(1, 3), () => draw.tensor(shape, dtypes))
    return { inputs: parts, attrs: { axis: draw.integer(0, shape.length) } }
  },
  PadV2: (draw) => {
    const x = draw.tensor(draw.shape())
    const paddings = x.shape.map(() => [draw.integer(0, 2), draw.integer(0, 2)])
    return { inputs: { x }, attrs: { paddings, constantValue: draw.integer(0, 1) } }
  },
  MirrorPad: (draw) => {
    const x = draw.tensor(draw.times(draw.integer(0, 3), () => draw.integer(2, 5)))
    const paddings = x.shape.map((size) => [draw.integer(0, size - 1), draw.integer(0, size - 1)])
    return { inputs: { x }, attrs: { paddings, mode: draw.pick(['reflect', 'symmetric']) } }
  },
  Tile: (draw) => {
    const x = draw.tensor(draw.shape())
    return { inputs: { x }, attrs: { reps: x.shape.map(() => draw.integer(0, 3)) } }
  },
  Reverse: (draw) => {
    const x = draw.tensor(draw.shape())
    return { inputs: { x }, attrs: { dims: draw.axes(x.shape.length) } }
  },
  GatherV2: (draw) => {
    const x = draw.tensor(draw.times(draw.integer(1, 4), () => draw.integer(1, 5)))
    const axis = draw.axis(x.shape.length)
    const indices = draw.integers(draw.shape(0, 2), 0, x.shape.at(axis)! - 1)
    return { inputs: { x, indices }, attrs: { axis, batchDims: 0 } }
  },
  GatherNd: (draw) => {
    const params = draw.tensor(draw.times(draw.integer(1, 4), () => draw.integer(2, 5)))
    const depth = draw.integer(1, params.shape.length)
    return { inputs: { params, indices: draw.integers([draw.size(), depth], 0, 1) }, attrs: {} }
  },
  ScatterNd: (draw) => {
    const shape = draw.times(draw.integer(1, 3), () => draw.integer(2, 5))
    const depth = draw.integer(1, shape.length)
    const count = draw.integer(1, 4)
    const updates = draw.tensor([count, ...shape.slice(depth)], ['float32', 'int32'])
    return { inputs: { indices: draw.integers([count, depth], 0, 1), updates }, attrs: { shape } }
  },
  OneHot: (draw) => ({
    inputs: { indices: draw.integers(draw.shape(0, 3), -1, 4) },
    attrs: { dtype: draw.pick(['float32', 'int32']), depth: draw.integer(0, 4), onValue: 2, offValue: -1 },
  }),
  UnsortedSegmentSum: (draw) => {
    const x = draw.tensor(draw.times(draw.integer(1, 3), () => draw.integer(1, 4)), ['float32', 'int32'])
    const segmentIds = draw.integers([x.shape[0]!], -1, 4)
    return { inputs: { x, segmentIds }, attrs: { numSegments: draw.integer(1, 4) } }
  },
  SpaceToBatchND: (draw) => {
    const block = [draw.integer(1, 2), draw.integer(1, 3)]
    const x = draw.tensor([draw.size(), block[0]! * draw.integer(1, 2), block[1]! * draw.integer(1, 2), 2])
    const paddings = block.map((size) => (draw.chance(0.5) ? [0, 0] : [size, 0]))
    return { inputs: { x }, attrs: { blockShape: block, paddings } }
  },
  BatchToSpaceND: (draw) => {
    const block = [draw.integer(1, 2), draw.integer(1, 3)]
    const x = draw.tensor([block[0]! * block[1]! * draw.integer(1, 2), draw.integer(1, 3), draw.integer(1, 3), 2])
    const crops = block.map(() => [draw.integer(0, 1), 0])
    return { inputs: { x }, attrs: { blockShape: block, crops } }
  },
  DepthToSpace: (draw) => {
    const blockSize = draw.integer(1, 2)
    const x = draw.tensor([draw.size(), draw.size(), draw.size(), blockSize ** 2 * draw.integer(1, 2)])
    return { inputs: { x }, attrs: { blockSize, dataFormat: 'NHWC' } }
  },
}
