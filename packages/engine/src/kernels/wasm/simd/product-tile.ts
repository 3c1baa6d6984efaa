/** The innermost loops of filter gradients and matrix products: a tile of the result stays in registers. */
import { type Code, type FunctionDefinition, i32, increment, type Local, repeat } from '@simclr/core/simd'
import type { Lanes } from './lanes.ts'

const FLOAT_BYTES = 4

/**
 * `tile[i, j] += sum over images, rows and columns of x[…, i] · dy[…, j]`, for `inputs` channels of x and
 * `vectors · lanes` neighbouring ones of dy. A matrix product is the case of one image with one row, where a column is
 * a term of the inner products.
 *
 * Parameters, in bytes where not counts: x, dy, tile; images, rows, columns (each 1 or more); the steps of x from
 * column to column, from the end of a row to the next, from the end of an image to the next; the same of dy; the
 * steps from channel to channel of x and from row to row of the tile.
 */
export function productTile(lanes: Lanes, inputs: number, vectors: number): FunctionDefinition {
  return {
    parameters: 14,
    body: (parameters, local) => {
      const [x, dy, tile, images, rows, columns] = parameters as [Local, Local, Local, Local, Local, Local]
      const [xColumn, xRow, xImage, dyColumn, dyRow, dyImage, xChannel, tileRow] = parameters.slice(
        6,
      ) as Local[]
      const row = local('i32')
      const column = local('i32')
      const outputs = Array.from({ length: vectors }, () => local(lanes.type))
      const input = local(lanes.type)
      const sums = Array.from({ length: inputs }, () => outputs.map(() => local(lanes.type)))
      const vectorBytes = FLOAT_BYTES * lanes.count

      const offsets = Array.from({ length: inputs }, () => local('i32'))
      const setOffsets = offsets.map((offset, i) => offset.set(i32.multiply(xChannel!.get, i32.constant(i))))
      const rowOfTile = (i: number): Code => i32.add(tile.get, i32.multiply(tileRow!.get, i32.constant(i)))
      const read = sums.flatMap((line, i) =>
        line.map((sum, j) => sum.set(lanes.load(rowOfTile(i), j * vectorBytes))),
      )
      const write = sums.flatMap((line, i) =>
        line.map((sum, j) => lanes.store(rowOfTile(i), sum.get, j * vectorBytes)),
      )
      const addProducts = [
        ...outputs.map((output, j) => output.set(lanes.load(dy.get, j * vectorBytes))),
        ...sums.flatMap((line, i) => [
          input.set(lanes.spread(i32.add(x.get, offsets[i]!.get))),
          ...line.map((sum, j) => sum.set(lanes.add(sum.get, lanes.multiply(input.get, outputs[j]!.get)))),
        ]),
      ]
      const advance = (xStep: Local, dyStep: Local): Code[] => [
        increment(x, xStep.get),
        increment(dy, dyStep.get),
      ]
      const alongRow = [
        column.set(columns.get),
        repeat(column, [...addProducts, ...advance(xColumn!, dyColumn!)]),
        ...advance(xRow!, dyRow!),
      ]
      const alongImage = [row.set(rows.get), repeat(row, alongRow), ...advance(xImage!, dyImage!)]
      return [...setOffsets, ...read, repeat(images, alongImage), ...write]
    },
  }
}
