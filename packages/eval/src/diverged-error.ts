/** Training that went wrong, as opposed to input that cannot be used. */
import { SimclrError } from '@simclr/core'

/** Thrown when a loss or the scores of a trained network are not finite: a lower learning rate may do. */
export class DivergedError extends SimclrError {
  override readonly name = 'DivergedError'

  /**
   * @param parameter What is not finite, e.g. `fineTune: loss`.
   * @param received Its value.
   */
  constructor(parameter: string, received: number) {
    super({ parameter, expected: 'finite', received: String(received), remedy: 'Lower the learning rate.' })
  }
}
