/** The digits of golden 08 with scikit-learn's fits to them. */
import { readGoldenArrays, readGoldenJson } from '@simclr/tools/testing'
import type { Features } from '../features.ts'

/** scikit-learn's optimum at one λ. */
export interface DigitsFit {
  readonly lambda_: number
  readonly objective: number
  readonly bias_centered: number[]
  readonly train_accuracy: number
  readonly test_correct: number
  readonly test_total: number
  readonly min_test_margin_top1_top2: number
}

const golden = readGoldenJson<{ logreg_digits: { n_train: number; fits: DigitsFit[] } }>(
  new URL('./08_eval.json', import.meta.url),
).logreg_digits
/** The arrays of the fixture. */
export const digitsArrays: ReturnType<typeof readGoldenArrays> = readGoldenArrays(
  new URL('./08_eval.safetensors', import.meta.url),
)
const order = digitsArrays.get('digits.perm_i32')!.values

export const digits: { readonly train: Features; readonly test: Features; readonly fits: DigitsFit[] } = {
  train: featuresOf(order.subarray(0, golden.n_train)),
  test: featuresOf(order.subarray(golden.n_train)),
  fits: golden.fits,
}

function featuresOf(rows: ArrayLike<number>): Features {
  const [pixels, classes] = [digitsArrays.get('digits.X_u8')!.values, digitsArrays.get('digits.y_u8')!.values]
  const width = 64
  const features = Float32Array.from({ length: rows.length * width }, (_, i) => {
    return pixels[rows[Math.floor(i / width)]! * width + (i % width)]! / 16
  })
  return { features, width, labels: Int32Array.from(rows, (row) => classes[row]!) }
}
