/** The image names of a label list. */
import { readFile } from 'node:fs/promises'
import { SimclrError } from '@simclr/core'

/**
 * @param file One name a line, with either line end; empty lines are left out.
 * @throws SimclrError if the file cannot be read or has no names.
 */
export async function readLabelNames(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unusable(file, error.code === 'ENOENT' ? 'no such file' : error.message, error)
  })
  const names = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (names.length > 0) return names
  throw unusable(file, 'no names')
}

function unusable(file: string, received: string, cause?: Error): SimclrError {
  return new SimclrError({
    parameter: `label list ${file}`,
    expected: 'a text file of image names',
    received,
    remedy: 'Check the path, or give a share such as 10%.',
    cause,
  })
}
