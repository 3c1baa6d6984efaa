/** Which gathered rows a local row is, pairs with and is compared with: shared by all contrastive losses. */
import { checkInteger, checkShape, SimclrError } from '@simclr/core'
import { div, matMul, mul, oneHot, sub, sum, type Tensor2D, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { l2Normalize } from './l2-normalize.ts'
import { countViewPairs } from './view-pairs.ts'

/** Local rows, the gathered rows they are part of, and how they are compared. */
export interface GatheredRows {
  /** `[2n, D]`, in two halves. */
  readonly local: Tensor2D
  /** `[2N, D]`: view one of every image, then view two in the same order. */
  readonly all: Tensor2D
  /** Where the local images begin among the N. */
  readonly offset: number
  /** Whether rows are scaled to length 1 first. */
  readonly normalize: boolean
  /** Divides the similarities; 1 leaves them as they are. */
  readonly temperature: number
}

/** Four tensors in float32, owned by the caller. */
export type GatheredSimilarities = {
  /** `[2n, 2N]`: similarity of each local row with each gathered row, over the temperature. */
  readonly similarities: Tensor2D
  /** `[2n, 1]`: similarity with the other view. */
  readonly positive: Tensor2D
  /** `[2n, 2N]`: 1 where the gathered row is the local row itself, else 0. */
  readonly isSelf: Tensor2D
  /** `[2n, 2N]`: 1 where it is the other view of the same image, else 0. */
  readonly isOther: Tensor2D
}

/** Subtracted from similarities that a loss leaves out of its sum of exponentials (the official LARGE_NUM). */
export const LEFT_OUT = 1e9

/**
 * Checks that local rows fit into the gathered ones.
 *
 * @param caller Name of the loss, for the message.
 * @returns n and N, the numbers of local and of gathered images.
 * @throws SimclrError for an odd number of rows or none, different widths, or an offset beyond N - n.
 */
export function checkGathered(
  caller: string,
  { local, all, offset }: Pick<GatheredRows, 'local' | 'all' | 'offset'>,
): { localPairs: number; allPairs: number } {
  const localPairs = countViewPairs(caller, local)
  const allPairs = countViewPairs(caller, all)
  checkShape(
    `${caller}: all`,
    all.shape,
    [-1, local.shape[1]],
    'Local and gathered rows need the same width.',
  )
  checkInteger(`${caller}: offset`, offset, 0)
  if (offset + localPairs <= allPairs) return { localPairs, allPairs }
  throw new SimclrError({
    parameter: `${caller}: offset`,
    expected: `at most ${allPairs - localPairs} for ${localPairs} local and ${allPairs} gathered images`,
    received: String(offset),
  })
}

/** For each local row, the gathered row that is itself and the one that shows the same image in the other view. */
function pairIndices(
  localPairs: number,
  allPairs: number,
  offset: number,
): { self: Int32Array; other: Int32Array } {
  const self = new Int32Array(2 * localPairs)
  const other = new Int32Array(2 * localPairs)
  for (let i = 0; i < localPairs; i++) {
    const first = offset + i
    const second = allPairs + offset + i
    self[i] = other[localPairs + i] = first
    other[i] = self[localPairs + i] = second
  }
  return { self, other }
}

/**
 * Similarities of local with gathered rows, and where each row finds itself and its other view.
 *
 * @throws SimclrError as {@link checkGathered}.
 */
export function gatheredSimilarities(caller: string, rows: GatheredRows): GatheredSimilarities {
  const { localPairs, allPairs } = checkGathered(caller, rows)
  const { local, all, offset, normalize, temperature } = rows
  return tidy(() => {
    const anchors = normalize ? l2Normalize(local) : local
    const columns = local === all ? anchors : normalize ? l2Normalize(all) : all
    const { self, other } = pairIndices(localPairs, allPairs, offset)
    const isSelf = oneHot(tensor1d(self, 'int32'), 2 * allPairs) as Tensor2D
    const isOther = oneHot(tensor1d(other, 'int32'), 2 * allPairs) as Tensor2D
    const similarities = div(matMul(anchors, columns, false, true), temperature) as Tensor2D
    const positive = sum(mul(similarities, isOther), 1, true) as Tensor2D
    return { similarities, positive, isSelf, isOther }
  })
}

/** `[2n, 2N]`: 1 where a gathered row shows another image, else 0. The caller disposes it. */
export function negativeMask({
  isSelf,
  isOther,
}: Pick<GatheredSimilarities, 'isSelf' | 'isOther'>): Tensor2D {
  return tidy(() => sub(sub(1, isSelf), isOther))
}
