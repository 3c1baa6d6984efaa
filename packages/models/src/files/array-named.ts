import { nearestWord, SimclrError } from '@simclr/core'

/** @throws SimclrError that names the file and the nearest name if there is no such entry. */
export function arrayNamed<T>(file: string, entries: ReadonlyMap<string, T>, name: string): T {
  const entry = entries.get(name)
  if (entry !== undefined) return entry
  const nearest = nearestWord(name, [...entries.keys()])
  throw new SimclrError({
    parameter: `${file}: read`,
    expected: `the name of one of the ${entries.size} arrays of the file`,
    received: `'${name}'`,
    ...(nearest === undefined ? {} : { remedy: `Did you mean '${nearest}'?` }),
  })
}
