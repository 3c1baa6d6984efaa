/** What to tell a user whose run folder cannot be written. */
import { SimclrError } from '@simclr/core'

const REASONS: Readonly<Record<string, readonly [received: string, remedy: string]>> = {
  ENOSPC: [
    'a full disk',
    'Free some space, then continue with --resume: the last whole checkpoint is intact.',
  ],
  EDQUOT: [
    'a used-up quota',
    'Free some space, then continue with --resume: the last whole checkpoint is intact.',
  ],
  EACCES: ['no permission', 'Choose a folder that you may write to.'],
  EROFS: ['a read-only disk', 'Choose a folder that you may write to.'],
  ENOTDIR: ['a file where a folder is needed', 'Choose another folder.'],
  EEXIST: ['a file where a folder is needed', 'Choose another folder.'],
}

/** Turns a file system error into a SimclrError that says what could not be written and what to do. */
export function explainWriteError(what: string, error: unknown): SimclrError {
  if (SimclrError.isInstance(error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const [received, remedy] = REASONS[code] ?? [
    error instanceof Error ? error.message : String(error),
    undefined,
  ]
  return new SimclrError({
    parameter: what,
    expected: 'written',
    received,
    ...(remedy === undefined ? {} : { remedy }),
    cause: error,
  })
}
