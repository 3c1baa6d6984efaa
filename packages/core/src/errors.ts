/** The one error class of the SimCLR packages: what must hold, what came, and what to do. */

/** The facts of a {@link SimclrError}, kept as fields so that programs need not parse the message. */
export interface SimclrErrorDetails {
  /** What the error is about: a function, option, file or flag, e.g. `ntXent: temperature`. */
  readonly parameter: string
  /** What must hold, e.g. `a positive number`. */
  readonly expected: string
  /** What came instead, already printable, e.g. `0` or `[7, 128]`. */
  readonly received: string
  /** What the reader can do about it: one imperative sentence. */
  readonly remedy?: string
  /** The error that led to this one. */
  readonly cause?: unknown
}

/**
 * Thrown by every SimCLR package for input that cannot be used.
 *
 * Its text reads `parameter: must be expected, got received. Remedy.`
 *
 * @example
 * throw new SimclrError({
 *   parameter: 'ntXent: temperature',
 *   expected: 'a positive number',
 *   received: '0',
 *   remedy: 'The paper uses 0.1.',
 * })
 */
export class SimclrError extends Error {
  override readonly name: string = 'SimclrError'
  /** Marks the class across duplicate copies of this package. */
  readonly isSimclrError = true
  readonly parameter: string
  readonly expected: string
  readonly received: string
  readonly remedy: string | undefined

  constructor(details: SimclrErrorDetails) {
    const { parameter, expected, received, remedy, cause } = details
    const fact = `${parameter}: must be ${expected}, got ${received}.`
    super(remedy === undefined ? fact : `${fact} ${remedy}`, cause === undefined ? undefined : { cause })
    this.parameter = parameter
    this.expected = expected
    this.received = received
    this.remedy = remedy
  }

  /** Whether `value` is a SimclrError, also one thrown by another copy of this package. */
  static isInstance(value: unknown): value is SimclrError {
    return typeof value === 'object' && value !== null && 'isSimclrError' in value
  }
}
