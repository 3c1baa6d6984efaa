import { SimclrError } from '@simclr/core'

export interface RefuseFileOptions {
  readonly remedy?: string
  readonly cause?: unknown
}

const OTHER_COPY = 'The file is damaged or of another format: use another copy.'

/** Throws the SimclrError that says what a file must hold and what it holds. */
export function refuseFile(
  file: string,
  expected: string,
  received: string,
  { remedy = OTHER_COPY, cause }: RefuseFileOptions = {},
): never {
  throw new SimclrError({ parameter: file, expected, received, remedy, cause })
}
