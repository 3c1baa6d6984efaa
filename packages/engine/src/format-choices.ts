/** What can be chosen of an engine, as rows. */
import type { Row } from './format-rows.ts'
import type { ListedEngine } from './list-engines.ts'

/** What `--device` and `--precision` take, where that is a choice. */
export function formatChoices({ devices, precisions }: ListedEngine): Row[] {
  const choices = [
    ...(devices.length > 1 ? [`--device ${devices.join(', ')}`] : []),
    ...(precisions.length > 1 ? [`--precision ${precisions.join(', ')}`] : []),
  ]
  return choices.length === 0 ? [] : [['', choices.join('; ')]]
}
