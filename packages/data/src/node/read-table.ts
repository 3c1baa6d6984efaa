/** Text files of a dataset with columns: separated by TABs, named by the first line. */
import { SimclrError } from '@simclr/core'
import type { DatasetInfo } from './dataset-definition.ts'
import { readList } from './read-list.ts'

/** Values by column name; those in `Name` are sure to be there. */
export type TableRow<Name extends string> = Readonly<Record<Name, string>> &
  Readonly<Record<string, string | undefined>>

/**
 * @param columns Columns that the table must have; others may stand before, between and after them.
 * @returns a row for each line below the first.
 * @throws SimclrError naming the file, if it cannot be read, lacks a column or has a line that is too short.
 */
export async function readTable<Name extends string>(
  path: string,
  columns: readonly Name[],
  info: DatasetInfo,
): Promise<TableRow<Name>[]> {
  const [header, ...lines] = (await readList(path, info)).map((line) => line.split('\t'))
  const absent = columns.filter((name) => !header!.includes(name))
  if (absent.length > 0) {
    throw unusable(
      path,
      info,
      `a first line with the columns ${columns.join(', ')}`,
      `no ${absent.join(', ')}`,
    )
  }
  return lines.map((values, i) => {
    const row = Object.fromEntries(header!.map((name, column) => [name, values[column]]))
    if (columns.every((name) => row[name])) return row as TableRow<Name>
    throw unusable(path, info, `lines with ${columns.join(', ')}`, `"${values.join(' ')}" as line ${i + 2}`)
  })
}

function unusable(path: string, info: DatasetInfo, expected: string, received: string): SimclrError {
  return new SimclrError({
    parameter: `${info.name}: ${path}`,
    expected,
    received,
    remedy: `Unpack ${info.archives[0]!.file} again.`,
  })
}
