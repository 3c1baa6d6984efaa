/** Labels of datasets that count their classes from 1. */
import { SimclrError } from '@simclr/core'

/**
 * @param number 1..classes.
 * @param parameter Where it was found, for the error.
 * @returns 0..classes-1.
 * @throws SimclrError if there is no such class.
 */
export function labelFromOne(number: number | undefined, classes: number, parameter: string): number {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= classes) return number - 1
  throw new SimclrError({
    parameter,
    expected: `the number of a class, 1 to ${classes}`,
    received: number === undefined ? 'none' : String(number),
  })
}
