/** Batch normalisation with moving statistics, as the official resnet.py: BatchNormRelu uses it. */
import {
  type ApplyOptions,
  addEach,
  type Communicator,
  type Module,
  multiplyEach,
  type Parameter,
  type StateVariable,
  singleProcess,
} from '@simclr/core'
import { add, mul, reciprocal, relu, rsqrt, square, sub, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { batchNormTraining } from './batch-norm-training.ts'
import { createParameter, createState } from './layer.ts'

export interface BatchNormOptions {
  /** Prefix of the names: `${name}.gamma`, `.beta`, `.moving_mean`, `.moving_variance`. */
  readonly name: string
  /** Number of channels, the last axis. */
  readonly width: number
  /** Whether a learned factor (gamma, role `scale`) is applied; default true. */
  readonly scale?: boolean
  /** Whether a learned summand (beta, role `offset`) is added; default true. */
  readonly offset?: boolean
  /** Starting value of the scale; default 1. */
  readonly initialScale?: number
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number
  /** Share of the old moving statistics that a training step keeps; default 0.9. */
  readonly momentum?: number
  /** Not trainable, and moving statistics used and kept even in training; default false. */
  readonly frozen?: boolean
  /** The processes over which batch statistics are taken; default this one alone. */
  readonly communicator?: Communicator
}

export interface BatchNormApplyOptions extends ApplyOptions {
  /** Added to the result before the ReLU; shaped like the input. */
  readonly residual?: Tensor | undefined
  /** Whether a ReLU follows; default false. */
  readonly relu?: boolean
}

/**
 * Normalises each channel of `[n, h, w, width]` or `[n, width]`. Training uses the statistics of the batch and
 * moves the moving ones; inference, and a frozen layer always, uses the moving ones and changes nothing.
 */
export class BatchNorm implements Module {
  readonly scale: Parameter | undefined
  readonly offset: Parameter | undefined
  readonly movingMean: StateVariable
  readonly movingVariance: StateVariable
  private readonly epsilon: number
  private readonly momentum: number
  private readonly frozen: boolean
  private readonly communicator: Communicator

  constructor(options: BatchNormOptions) {
    const { name, width, scale = true, offset = true, initialScale = 1, frozen = false } = options
    const constant = (value: number) => new Float32Array(width).fill(value)
    if (scale) {
      this.scale = createParameter(`${name}.gamma`, 'scale', [width], constant(initialScale), !frozen)
    }
    if (offset) this.offset = createParameter(`${name}.beta`, 'offset', [width], constant(0), !frozen)
    this.movingMean = createState(`${name}.moving_mean`, [width], constant(0))
    this.movingVariance = createState(`${name}.moving_variance`, [width], constant(1))
    this.epsilon = options.epsilon ?? 1e-5
    this.momentum = options.momentum ?? 0.9
    this.frozen = frozen
    this.communicator = options.communicator ?? singleProcess
  }

  /** @throws SimclrError if each channel has only one value in training. */
  apply<T extends Tensor>(x: T, options: BatchNormApplyOptions): T {
    return options.training && !this.frozen
      ? this.applyBatchStatistics(x, options)
      : this.applyMovingStatistics(x, options)
  }

  parameters(): Parameter[] {
    return [this.scale, this.offset].filter((parameter) => parameter !== undefined)
  }

  state(): StateVariable[] {
    return [this.movingMean, this.movingVariance]
  }

  dispose(): void {
    for (const { value } of [...this.parameters(), ...this.state()]) value.dispose()
  }

  private applyBatchStatistics<T extends Tensor>(
    x: T,
    { residual, relu: rectified = false, batchNormMomentum = this.momentum }: BatchNormApplyOptions,
  ): T {
    return batchNormTraining(x, {
      scale: this.scale?.value,
      offset: this.offset?.value,
      epsilon: this.epsilon,
      residual,
      relu: rectified,
      communicator: this.communicator,
      onStatistics: (mean, inverseDeviation) => {
        const variance = relu(sub(reciprocal(square(inverseDeviation)), this.epsilon))
        this.moveStatistics([mean, variance], batchNormMomentum)
      },
    })
  }

  /** One affine map per channel, with its factor and summand computed on `[width]`. */
  private applyMovingStatistics<T extends Tensor>(
    x: T,
    { residual, relu: rectified = false }: BatchNormApplyOptions,
  ): T {
    return tidy(() => {
      const inverseDeviation = rsqrt(add(this.movingVariance.value, this.epsilon))
      const factor = this.scale === undefined ? inverseDeviation : mul(inverseDeviation, this.scale.value)
      const shift = mul(this.movingMean.value, factor)
      const summand = this.offset === undefined ? mul(shift, -1) : sub(this.offset.value, shift)
      let y = add(mul(x, factor), summand)
      if (residual !== undefined) y = add(y, residual)
      return (rectified ? relu(y) : y) as T
    })
  }

  private moveStatistics(batch: readonly Tensor[], momentum: number): void {
    const statistics = this.state().map(({ value }) => value)
    const moved = addEach(multiplyEach(statistics, momentum), batch, 1 - momentum)
    statistics.forEach((value, index) => {
      value.assign(moved[index]!)
    })
  }
}
