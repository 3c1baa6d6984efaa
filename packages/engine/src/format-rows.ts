/** Names and facts in two columns, for a terminal. */

/** An empty name continues the row before. */
export type Row = readonly [name: string, fact: string]

const NAME_WIDTH = 16

/** One line for each row, the facts below each other. */
export function formatRows(rows: readonly Row[]): string {
  return rows.map(([name, fact]) => `${name.padEnd(NAME_WIDTH)}${fact}`).join('\n')
}
