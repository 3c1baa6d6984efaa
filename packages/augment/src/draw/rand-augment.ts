import { checkInteger, checkRange } from '@simclr/core/plain'
import { affineValue } from './affine-map.ts'
import { type Draw, drawEach, type ImageSize } from './draw.ts'
import type { Step, StepOperation } from './step.ts'

/** Options of `randAugment`. */
export interface RandAugmentOptions {
  /** N of the paper: how many operations are drawn for each image; default 2. */
  operations?: number
  /** M of the paper: their strength from 0 to 30; default 9. */
  magnitude?: number
}

type RandOperation = Exclude<StepOperation, 'invert' | 'solarizeAdd'> | 'identity'

/** The paper's list; `identity` leaves the image as it is. */
const OPERATIONS: readonly RandOperation[] = [
  'identity',
  'autocontrast',
  'equalize',
  'rotate',
  'solarize',
  'color',
  'posterize',
  'contrast',
  'brightness',
  'sharpness',
  'shearX',
  'shearY',
  'translateX',
  'translateY',
]

/** Draws operations for each image, all equally often, with replacement. */
export function drawRandAugment({
  operations = 2,
  magnitude = 9,
}: RandAugmentOptions = {}): Draw<readonly Step[]> {
  checkInteger('randAugment: operations', operations, 0)
  checkRange('randAugment: magnitude', magnitude, 0, 30)
  return drawEach('randAugment', (key, size) =>
    Array.from({ length: operations }, (_, place): Step[] => {
      const operation = OPERATIONS[key.integer(2 * place, OPERATIONS.length)]!
      if (operation === 'identity') return []
      const isNegative = key.uniform(2 * place + 1) < 0.5
      return [{ operation, value: stepValue(operation, magnitude / 30, size, isNegative) }]
    }).flat(),
  )
}

/** The ranges of torchvision's RandAugment. */
function stepValue(
  operation: Exclude<RandOperation, 'identity'>,
  level: number,
  size: ImageSize,
  isNegative: boolean,
): number {
  switch (operation) {
    case 'autocontrast':
    case 'equalize':
      return 0
    case 'posterize':
      return 8 - Math.round(level * 4)
    case 'solarize':
      return 255 * (1 - level)
    case 'brightness':
    case 'color':
    case 'contrast':
    case 'sharpness':
      return 1 + (isNegative ? -0.9 : 0.9) * level
    default:
      return affineValue(operation, level, size, isNegative)
  }
}
