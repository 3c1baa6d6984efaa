/** What needs no TensorFlow.js: the entry `@simclr/core/plain`, for workers and for packages that go without it. */
export { checkInteger, checkPositive, checkRange, checkShape, nearestWord } from './check.ts'
export { SimclrError, type SimclrErrorDetails } from './errors.ts'
export { RandomKey, threefry2x32 } from './random.ts'
