/** What every rank prints of each operation, as JSON: run by mpirun in tests. Usage: collectives.ts BACKEND */
import '@tensorflow/tfjs-backend-cpu'
import { openMpiTransport, tensorCommunicator } from '@simclr/distributed'
import { useEngine } from '@simclr/engine'
import * as tf from '@tensorflow/tfjs-core'

const transport = openMpiTransport()
await useEngine(process.argv[2] as 'cpu', { log: () => {} })
const communicator = tensorCommunicator(transport)
const { rank, size, begin } = communicator
const before = tf.memory().numTensors
const values = async (tensor: tf.Tensor): Promise<number[]> => {
  const read = Array.from(await tensor.data())
  tensor.dispose()
  return read
}
const ramp = tf.tidy(() => tf.add(tf.range(0, 5), 10 * rank))
const transposed = tf.tidy(() => tf.transpose(tf.add(tf.reshape(tf.range(0, 6), [2, 3]), rank)))
const labels = tf.tensor1d([rank, 7], 'int32')
const large = tf.tidy(() => tf.mul(tf.range(0, 100_000), 1e-3 * (rank + 1)))
const pending = [begin.allReduceSum(ramp), begin.allGather(labels), begin.broadcast(ramp, size - 1)] as const
for (const { progress } of pending) progress()
begin.barrier().wait()
const later = await Promise.all(pending.map((each) => values(each.wait())))
const maximum = tf.tidy(() => {
  const exact = communicator.allReduceSum(large)
  const rounded = communicator.allReduceSum(large, { precision: 'bf16' })
  return tf.max(tf.div(tf.abs(tf.sub(exact, rounded)), tf.add(exact, 1))).dataSync()[0]
})
const result = {
  version: transport.version,
  rank,
  size,
  sum: await values(communicator.allReduceSum(ramp)),
  sumOfInt32: await values(communicator.allReduceSum(labels)),
  scalar: await values(tf.tidy(() => communicator.allReduceSum(tf.scalar(rank + 1)))),
  gathered: await values(communicator.allGather(labels)),
  transposed: await values(communicator.allGather(transposed)),
  broadcast: await values(communicator.broadcast(ramp, Math.min(1, size - 1))),
  later,
  bfloat16: await values(communicator.allReduceSum(ramp, { precision: 'bf16' })),
  bfloat16Error: maximum,
  input: await values(ramp.clone()),
}
for (const tensor of [ramp, transposed, labels, large]) tensor.dispose()
communicator.barrier()
process.stdout.write(`${JSON.stringify({ ...result, leaked: tf.memory().numTensors - before })}\n`)
transport.close()
