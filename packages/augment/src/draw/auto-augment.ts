import { affineValue } from './affine-map.ts'
import { IMAGENET_POLICY } from './auto-augment-policy.ts'
import { type Draw, drawEach, type ImageSize } from './draw.ts'
import type { Step, StepOperation } from './step.ts'

/** Draws one sub-policy for each image, and which of its two operations are applied. */
export function drawAutoAugment(): Draw<readonly Step[]> {
  return drawEach('autoAugment', (key, size) => {
    const [first, p1, level1, second, p2, level2] = IMAGENET_POLICY[key.integer(0, IMAGENET_POLICY.length)]!
    const draw = (index: number, operation: StepOperation, probability: number, level: number): Step[] => {
      if (key.uniform(index) >= probability) return []
      const isNegative = key.uniform(index + 1) < 0.5
      return [{ operation, value: stepValue(operation, level / 10, size, isNegative) }]
    }
    return [...draw(1, first, p1, level1), ...draw(3, second, p2, level2)]
  })
}

/** The ranges of the authors' code, see `IMAGENET_POLICY`; TensorFlow shifts bytes by 7 bits at most, so one bit stays. */
function stepValue(operation: StepOperation, level: number, size: ImageSize, isNegative: boolean): number {
  switch (operation) {
    case 'autocontrast':
    case 'equalize':
    case 'invert':
      return 0
    case 'posterize':
      return Math.max(1, Math.trunc(level * 4))
    case 'solarize':
      return Math.trunc(level * 256)
    case 'solarizeAdd':
      return Math.trunc(level * 110)
    case 'brightness':
    case 'color':
    case 'contrast':
    case 'sharpness':
      return level * 1.8 + 0.1
    default:
      return affineValue(operation, level, size, isNegative)
  }
}
