/**
 * Copies the elements of a strided view into row-major order.
 *
 * @param bytes From the view's first element on.
 * @param elementBytes Of one element.
 */
export function gatherStrided(
  bytes: Uint8Array,
  elementBytes: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1)
  const gathered = new Uint8Array(count * elementBytes)
  const index = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < gathered.length; to += elementBytes) {
    for (let byte = 0; byte < elementBytes; byte++) gathered[to + byte] = bytes[from * elementBytes + byte]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      index[axis]!++
      if (index[axis]! < shape[axis]!) break
      from -= shape[axis]! * strides[axis]!
      index[axis] = 0
    }
  }
  return gathered
}

/** Whether the strides are those of a dense row-major array, so that nothing needs gathering. */
export function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let dense = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== dense) return false
    dense *= shape[axis]!
  }
  return true
}
