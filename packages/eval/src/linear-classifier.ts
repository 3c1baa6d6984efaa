/** A linear classifier's parameters, and its scores on stored features. */
import { add, matMul, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import type { Features } from './features.ts'

export interface LinearClassifier {
  /** Shape [width, classes], row-major. */
  readonly weights: Float32Array
  /** Length classes. */
  readonly bias: Float32Array
}

/** All zero: every class is as likely as any other. */
export function zeroClassifier(width: number, classes: number): LinearClassifier {
  return { weights: new Float32Array(width * classes), bias: new Float32Array(classes) }
}

/** @returns Logits, shape [n, classes], row-major. */
export async function classifierScores(
  { features, width }: Features,
  { weights, bias }: LinearClassifier,
): Promise<Float32Array> {
  const logits = tidy(() =>
    add(
      matMul(tensor2d(features, [features.length / width, width]), tensor2d(weights, [width, bias.length])),
      tensor1d(bias),
    ),
  )
  const scores = await logits.data<'float32'>()
  logits.dispose()
  return scores
}
