/** The mean of the processes' gradients, summed in buckets while the backward pass is still at work. */
import type { AllReduceOptions, Communicator, Pending } from '@simclr/core'
import {
  concat,
  dispose,
  keep,
  mul,
  reshape,
  slice,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core'

/** As PyTorch's DistributedDataParallel: large enough for the bandwidth, small enough to start early. */
const BUCKET_BYTES = 25_000_000

interface Part {
  readonly position: number
  readonly shape: number[]
  readonly size: number
}

interface Bucket {
  readonly parts: readonly Part[]
  readonly flat: Tensor1D
  readonly sum: Pending<Tensor1D>
}

/** Takes the gradients of one step in the same order on every rank. Disposed by {@link GradientAverage.finish}. */
export class GradientAverage {
  readonly #communicator: Communicator
  readonly #options: AllReduceOptions
  readonly #buckets: Bucket[] = []
  #parts: Part[] = []
  #tensors: Tensor[] = []
  #bytes = 0

  constructor(communicator: Communicator, options: AllReduceOptions = {}) {
    this.#communicator = communicator
    this.#options = options
  }

  /** Adds a gradient, which the caller keeps; a full bucket sets out at once. */
  readonly add = (gradient: Tensor, position: number): void => {
    if (this.#communicator.size === 1) return
    for (const { sum } of this.#buckets) sum.progress()
    this.#parts.push({ position, shape: gradient.shape, size: gradient.size })
    this.#tensors.push(keep(tidy(() => reshape(gradient, [-1]))))
    this.#bytes += 4 * gradient.size
    if (this.#bytes >= BUCKET_BYTES) this.#send()
  }

  /**
   * Waits for all sums.
   *
   * @param own The gradients that were added, by position. Disposed if there are other processes, else the result.
   * @returns The means, by position. The caller disposes them.
   */
  finish(own: Tensor[]): Tensor[] {
    if (this.#communicator.size === 1) return own
    dispose(own)
    if (this.#parts.length > 0) this.#send()
    const means: Tensor[] = []
    for (const { parts, flat, sum } of this.#buckets) {
      const whole = tidy(() => {
        const total = sum.wait()
        return mul(total, 1 / this.#communicator.size) as Tensor1D
      })
      flat.dispose()
      let begin = 0
      for (const { position, shape, size } of parts) {
        means[position] = tidy(() => reshape(slice(whole, begin, size), shape))
        begin += size
      }
      whole.dispose()
    }
    return means
  }

  #send(): void {
    const flat = keep(tidy(() => concat(this.#tensors) as Tensor1D))
    dispose(this.#tensors)
    this.#buckets.push({
      parts: this.#parts,
      flat,
      sum: this.#communicator.begin.allReduceSum(flat, this.#options),
    })
    this.#parts = []
    this.#tensors = []
    this.#bytes = 0
  }
}
