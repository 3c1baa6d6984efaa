/** The list of engines as text. */
import { formatChoices } from './format-choices.ts'
import { formatRows, type Row } from './format-rows.ts'
import type { ListedEngine } from './list-engines.ts'

/** One paragraph for each engine, for a terminal. */
export function formatEngines(engines: readonly ListedEngine[]): string {
  return formatRows(
    engines.flatMap((engine): Row[] => {
      const { name, available, version, detail, command, speed } = engine
      return [
        [name, available ? `available, ${version}` : 'not available'],
        ['', speed],
        ['', detail],
        ...(available ? formatChoices(engine) : []),
        ...(command === undefined ? [] : [['', `get it: ${command}`] as const]),
      ]
    }),
  )
}
