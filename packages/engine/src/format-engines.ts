/** The list of engines as text. */
import type { ListedEngine } from './list-engines.ts'

/** One paragraph for each engine, for a terminal. */
export function formatEngines(engines: readonly ListedEngine[]): string {
  return engines
    .map(({ name, available, version, detail, command, speed }) => {
      const lines = [
        `${name.padEnd(14)} ${available ? `available, ${version}` : 'not available'}`,
        speed,
        detail,
        ...(command === undefined ? [] : [`get it: ${command}`]),
      ]
      return lines.join('\n               ')
    })
    .join('\n')
}
