/** Text files of a dataset: lists of images, classes and labels. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SimclrError } from '@simclr/core'
import type { DatasetInfo } from './dataset-definition.ts'
import { firstPresent } from './first-present.ts'

/**
 * The lines of a UTF-8 file that hold more than blanks, trimmed; with either line end.
 *
 * @throws SimclrError naming the file and the archive to unpack, if it cannot be read or holds no line.
 */
export async function readList(path: string, info: DatasetInfo): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw missingFile(path, info, error)
  })
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (lines.length > 0) return lines
  throw new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected: 'a list',
    received: 'an empty file',
    remedy: `Unpack ${archiveNames(info)} again.`,
  })
}

/** A file of the dataset that is not there or cannot be read, as an error that says where it comes from. */
export function missingFile(path: string, info: DatasetInfo, cause: NodeJS.ErrnoException): SimclrError {
  return new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected: `a file of ${info.title}`,
    received: cause.code === 'ENOENT' ? 'no such file' : cause.message,
    remedy: `Unpack ${archiveNames(info)}; "simclr data info ${info.name}" shows where.`,
    cause,
  })
}

/** The dataset's own folder: `folder/name`, also if it lies in another of that name, else `folder` itself. */
export function homeOf(folder: string, name: string): Promise<string> {
  return firstPresent([join(folder, name, name), join(folder, name), folder])
}

/** @throws SimclrError if a list names a class that there is not. */
export function classNumber(name: string, classes: readonly string[], info: DatasetInfo): number {
  const number = classes.indexOf(name)
  if (number >= 0) return number
  throw new SimclrError({
    parameter: `${info.name}: class in a list`,
    expected: `one of ${classes.length} (${classes.slice(0, 3).join(', ')}, …)`,
    received: `"${name}"`,
    remedy: `Unpack ${archiveNames(info)} again.`,
  })
}

function archiveNames({ archives }: DatasetInfo): string {
  return archives.map(({ file }) => file).join(', ')
}
