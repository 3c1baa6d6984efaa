/** Which images of a dataset train a classifier, choose its hyper-parameters and test it (SimCLR appendix B.8). */
import { RandomKey, SimclrError } from '@simclr/core'
import { type Dataset, labelSubset } from '@simclr/data'

export interface TransferSplits {
  readonly train: Dataset
  readonly validation: Dataset
  /** Both of them: what the chosen hyper-parameters are trained on. */
  readonly trainAndValidation: Dataset
  readonly test: Dataset
  /** Whether validation images are held out of the training images, as there is no official validation split. */
  readonly heldOut: boolean
}

/** The share of training images that is held out. */
const HELD_OUT = 0.2

/**
 * Official validation images where there are some (Aircraft, VOC2007, DTD and Flowers have them), else a fifth of the
 * training images, the same share of each class. From a part of a training split that fifth is held out in any case.
 *
 * @param dataset Its training split, or a part of that.
 * @param seed Decides which images are held out.
 * @throws SimclrError if there is no test split, a class has too few images to hold one out, or only the test split
 * shows a class.
 */
export function transferSplits(dataset: Dataset, seed: number): TransferSplits {
  const splits = isWholeWithValidation(dataset) ? official(dataset) : holdOut(dataset, seed)
  checkClasses(splits)
  return splits
}

function isWholeWithValidation(dataset: Dataset): boolean {
  return dataset.splits.includes('validation') && dataset.length === dataset.split('train').length
}

function official(dataset: Dataset): TransferSplits {
  return {
    train: dataset.split('train'),
    validation: dataset.split('validation'),
    trainAndValidation: dataset.split('trainval'),
    test: dataset.split('test'),
    heldOut: false,
  }
}

function holdOut(dataset: Dataset, seed: number): TransferSplits {
  const held = dataset.labels ? holdOutOfEachClass(dataset, dataset.labels, seed) : holdOutAny(dataset, seed)
  const isHeld = new Set(held)
  const kept = Array.from({ length: dataset.length }, (_, i) => i).filter((i) => !isHeld.has(i))
  return {
    train: dataset.subset(kept),
    validation: dataset.subset(held),
    trainAndValidation: dataset,
    test: dataset.split('test'),
    heldOut: true,
  }
}

function holdOutOfEachClass({ name, classes }: Dataset, labels: Int32Array, seed: number): Int32Array {
  const counts = new Int32Array(classes.length)
  for (const label of labels) counts[label]! += 1
  const alone = counts.indexOf(1)
  if (alone < 0) return labelSubset(labels, { fraction: HELD_OUT, seed })
  throw new SimclrError({
    parameter: `transfer: ${name}`,
    expected:
      'a dataset with validation images, or of at least two training images of each class to hold one out',
    received: `one of class "${classes[alone]}"`,
    remedy: 'Add images of the class, or leave it out.',
  })
}

/** For images with several classes each. */
function holdOutAny({ name, length }: Dataset, seed: number): Int32Array {
  const order = RandomKey.fromSeed(seed).fold('transferSplits').permutation(length)
  const count = Math.round(HELD_OUT * length)
  if (count > 0 && count < length) return order.slice(0, count).sort()
  throw new SimclrError({
    parameter: `transfer: ${name}`,
    expected: 'a dataset with validation images, or with enough training images to hold a fifth out',
    received: `${length} training images`,
  })
}

function checkClasses({ trainAndValidation, test }: TransferSplits): void {
  if (trainAndValidation.labels === undefined || test.labels === undefined) return
  const known = new Set(trainAndValidation.labels)
  const strange = [...new Set(test.labels)].filter((label) => !known.has(label)).sort((a, b) => a - b)
  if (strange.length === 0) return
  throw new SimclrError({
    parameter: `transfer: ${test.name}`,
    expected: 'a dataset whose test images are of classes that training images show',
    received: `${strange.length} ${strange.length === 1 ? 'class' : 'classes'} in test only, the first "${test.classes[strange[0]!] ?? strange[0]}"`,
    remedy: 'Complete the training images, or leave these test images out.',
  })
}
