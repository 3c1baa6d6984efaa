/** The list of engines as text. */
import type { EngineStatus } from './list-engines.ts'

/** One paragraph for each engine, for a terminal. */
export function formatEngines(engines: readonly EngineStatus[]): string {
  return engines
    .map(({ name, available, version, detail, command, speed }) => {
      const lines = [
        `${name.padEnd(9)} ${available ? `available, ${version}` : 'not available'}`,
        speed,
        detail,
        ...(command === undefined ? [] : [`get it: ${command}`]),
      ]
      return lines.join('\n          ')
    })
    .join('\n')
}
