import { expect, it } from 'vitest'
import { movingAverage } from './moving-average.ts'

it('is the mean of the neighbourhood, of what there is at the ends and beside gaps', () => {
  const points = [1, 3, Number.NaN, 5, 9].map((y, x) => ({ x, y }))
  expect(movingAverage(points, 1).map(({ y }) => y)).toEqual([2, 2, Number.NaN, 7, 7])
})
