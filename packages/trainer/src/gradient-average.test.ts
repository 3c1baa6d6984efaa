import { type Communicator, singleProcess } from '@simclr/core'
import { add, dispose, memory, mul, type Tensor, tensor1d, tensor2d, zeros } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { GradientAverage } from './gradient-average.ts'

/** Two processes of which the other one has the tripled gradients; counts what sets out and when. */
function group(log: string[]): Communicator {
  return {
    ...singleProcess,
    size: 2,
    begin: {
      ...singleProcess.begin,
      allReduceSum: <T extends Tensor>(tensor: T) => {
        log.push(`send ${tensor.size}`)
        return { progress: () => log.push('progress'), wait: () => add(tensor, mul(tensor, 3)) as T }
      },
    },
  }
}

it('averages by position, whatever the order in which gradients come, and sends one bucket', () => {
  const log: string[] = []
  const before = memory().numTensors
  const average = new GradientAverage(group(log))
  const own = [tensor1d([1, 2, 3]), tensor2d([[4], [5]])]
  average.add(own[1]!, 1)
  average.add(own[0]!, 0)
  expect(log).toEqual([])
  const means = average.finish(own)
  expect(log).toEqual(['send 5'])
  expect(means.map(({ shape }) => shape)).toEqual([[3], [2, 1]])
  expect(means.map((mean) => [...mean.dataSync()])).toEqual([
    [2, 4, 6],
    [8, 10],
  ])
  dispose(means)
  expect(memory().numTensors).toBe(before)
})

it('sends a full bucket at once, and lets it go on while others fill', () => {
  const log: string[] = []
  const average = new GradientAverage(group(log))
  const own: Tensor[] = [zeros([6_250_000]), zeros([1])]
  average.add(own[0]!, 0)
  expect(log).toEqual(['send 6250000'])
  average.add(own[1]!, 1)
  expect(log).toEqual(['send 6250000', 'progress'])
  dispose(average.finish(own))
  expect(log).toEqual(['send 6250000', 'progress', 'send 1'])
})

it('of one process is what it was given', () => {
  const average = new GradientAverage(singleProcess)
  const own = [tensor1d([1])]
  average.add(own[0]!, 0)
  expect(average.finish(own)).toBe(own)
  dispose(own)
})
