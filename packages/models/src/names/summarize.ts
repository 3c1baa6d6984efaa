/** Joins lines for an error message. */
const MOST = 20

/** The first 20, then how many more there are. */
export function summarize(lines: readonly string[]): string {
  const rest = lines.length - MOST
  return lines.slice(0, MOST).join('; ') + (rest > 0 ? `; and ${rest} more` : '')
}
