/** Shears, shifts and turns with the nearest pixel. */
import {
  add,
  cast,
  floorDiv,
  gather,
  greaterEqual,
  less,
  logicalAnd,
  mul,
  reshape,
  scalar,
  type Tensor3D,
  type Tensor4D,
  tensor3d,
  tensor4d,
  tidy,
  where,
} from '@tensorflow/tfjs-core'
import { type AffineMap, FILL } from '../draw/affine-map.ts'

/**
 * @param images `[n, 3, h, w]`.
 * @param maps One for each image.
 * @returns As `images`; grey where a map leads outside. The caller disposes it.
 */
export function transformAffine(images: Tensor4D, maps: readonly AffineMap[]): Tensor4D {
  const [count, channels, height, width] = images.shape
  return tidy(() => {
    const columns = sources(maps, [0, 1, 2], height, width)
    const rows = sources(maps, [3, 4, 5], height, width)
    const isInside = logicalAnd(inRange(columns, width), inRange(rows, height))
    const pixels = mul(add(mul(rows, scalar(width, 'int32')), columns), cast(isInside, 'int32'))
    const planes = Int32Array.from({ length: count * channels }, (_, plane) => plane * height * width)
    const places = add(
      reshape(pixels, [count, 1, height, width]),
      tensor4d(planes, [count, channels, 1, 1], 'int32'),
    )
    const moved = reshape(gather(reshape(images, [-1]), reshape(places, [-1])), images.shape)
    return where(reshape(isInside, [count, 1, height, width]), moved, FILL) as Tensor4D
  })
}

/** The column or row that each pixel comes from: `[n, h, w]` int32. */
function sources(
  maps: readonly AffineMap[],
  [perColumn, perRow, offset]: readonly [number, number, number],
  height: number,
  width: number,
): Tensor3D {
  const along = new Int32Array(maps.length * width)
  const down = new Int32Array(maps.length * height)
  maps.forEach((map, i) => {
    for (let column = 0; column < width; column++) along[i * width + column] = map[perColumn]! * column
    for (let row = 0; row < height; row++) down[i * height + row] = map[perRow]! * row + map[offset]!
  })
  const fixedPoint = add(
    tensor3d(along, [maps.length, 1, width], 'int32'),
    tensor3d(down, [maps.length, height, 1], 'int32'),
  )
  return floorDiv(fixedPoint, scalar(2 ** 16, 'int32'))
}

function inRange(indices: Tensor3D, length: number): Tensor3D {
  return logicalAnd(greaterEqual(indices, 0), less(indices, length))
}
