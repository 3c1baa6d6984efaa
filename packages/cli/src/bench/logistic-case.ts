/** Features that two processes fit logistic regressions to. */
import { writeFile } from 'node:fs/promises'
import {
  add,
  gather,
  matMul,
  mul,
  pad2d,
  randomNormal,
  relu,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core'

/** What `logistic-worker.ts` and `peers/logistic.py` take, as JSON. */
export interface LogisticCase {
  /** Features, row-major, and then labels, all float32. */
  readonly file: string
  /** Rows to train on, to choose the penalty by, and to test. */
  readonly rows: readonly [train: number, validation: number, test: number]
  readonly width: number
  readonly classes: number
  /** From large to small, beside the sum of the losses. */
  readonly regularizations: readonly number[]
  /** Of the largest element of the gradient of mean loss + penalty. */
  readonly tolerance: number
}

/** Hidden directions that classes differ in, and all of them. */
const [CLASS_DIRECTIONS, DIRECTIONS] = [32, 128]
const [SEPARATION, NOISE] = [0.3, 0.3]

/**
 * Features as a network's are: positive, correlated, their variances falling like 1/rank, of classes that overlap.
 * Each row is relu(z · A + noise), with z normal around the mean of the row's class.
 */
export async function writeLogisticFeatures({ file, rows, width, classes }: LogisticCase): Promise<void> {
  const count = rows.reduce((total, some) => total + some, 0)
  const labels = Float32Array.from({ length: count }, (_, row) => row % classes)
  const features = tidy(() => {
    const normal = (shape: [number, number], seed: number): Tensor2D =>
      randomNormal(shape, 0, 1, 'float32', seed)
    const falling = Float32Array.from({ length: DIRECTIONS }, (_, i) => (8 * (i + 1)) ** -0.5)
    const mixing = mul<Tensor2D>(normal([DIRECTIONS, width], 1), tensor2d(falling, [DIRECTIONS, 1]))
    const means = pad2d(mul<Tensor2D>(normal([classes, CLASS_DIRECTIONS], 2), SEPARATION), [
      [0, 0],
      [0, DIRECTIONS - CLASS_DIRECTIONS],
    ])
    const hidden = add<Tensor2D>(gather(means, tensor1d(labels, 'int32')), normal([count, DIRECTIONS], 3))
    return relu(add<Tensor2D>(matMul(hidden, mixing), mul(normal([count, width], 4), NOISE)))
  })
  const values = await features.data<'float32'>()
  features.dispose()
  await writeFile(
    file,
    Buffer.concat([Buffer.from(new Uint8Array(values.slice().buffer)), Buffer.from(labels.buffer)]),
  )
}
