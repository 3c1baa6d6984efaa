/** Variables and fields of a MATLAB file, and what a dataset needs them to be. */
import { SimclrError } from '@simclr/core'

/**
 * An array: numbers of any type; a row of characters; cells; or structs, of which a single one is a list of one too.
 * Elements come column by column, as in the file; sizes are not kept.
 */
export type MatValue = Float64Array | string | readonly MatValue[] | MatStruct

export interface MatStruct {
  readonly [field: string]: MatValue
}

/** @throws SimclrError naming `parameter` unless `value` holds numbers. */
export function matNumbers(value: MatValue | undefined, parameter: string): Float64Array {
  if (value instanceof Float64Array) return value
  throw otherValue('numbers', value, parameter)
}

/** @throws SimclrError naming `parameter` unless `value` is text. */
export function matText(value: MatValue | undefined, parameter: string): string {
  if (typeof value === 'string') return value
  throw otherValue('text', value, parameter)
}

/** @throws SimclrError naming `parameter` unless `value` is a cell array of text. */
export function matTexts(value: MatValue | undefined, parameter: string): string[] {
  if (Array.isArray(value)) return value.map((item, i) => matText(item, `${parameter}(${i + 1})`))
  throw otherValue('cells of text', value, parameter)
}

/** @throws SimclrError naming `parameter` unless `value` is a struct array. */
export function matStructs(value: MatValue | undefined, parameter: string): readonly MatStruct[] {
  if (Array.isArray(value) && value.every(isStruct)) return value
  throw otherValue('structs', value, parameter)
}

function isStruct(value: MatValue): value is MatStruct {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Float64Array)
}

function otherValue(expected: string, value: MatValue | undefined, parameter: string): SimclrError {
  const received =
    value === undefined
      ? 'nothing of this name'
      : typeof value === 'string'
        ? 'text'
        : value instanceof Float64Array
          ? 'numbers'
          : 'a list of other values'
  return new SimclrError({ parameter, expected, received })
}
