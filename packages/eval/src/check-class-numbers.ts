/** What every metric on classes asks of labels and predictions. */
import { SimclrError } from '@simclr/core'

/**
 * @param parameter What the numbers are, e.g. `confusionMatrix: labels`.
 * @param count How many there must be.
 * @throws SimclrError unless there are `count` numbers, at least one, all from 0 to `classes` − 1.
 */
export function checkClassNumbers(
  parameter: string,
  numbers: Int32Array,
  count: number,
  classes: number,
): void {
  const stray = numbers.findIndex((number) => number < 0 || number >= classes)
  if (count > 0 && numbers.length === count && stray < 0) return
  throw new SimclrError({
    parameter,
    expected: `${count > 0 ? count : 'at least one'}, each from 0 to ${classes - 1}`,
    received: stray < 0 ? String(numbers.length) : `${numbers[stray]} in row ${stray}`,
    ...(stray < 0 ? {} : { remedy: 'Leave out test images of classes that training did not see.' }),
  })
}
