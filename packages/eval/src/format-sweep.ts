/** The table of a sweep's runs, in Markdown. */
import type { FineTuneSweepResult } from './fine-tune-sweep.ts'

/**
 * One row for each run of the grid, the chosen one bold; weight decay as the protocol lists it, before it is divided by
 * the learning rate. Below it, what the test set says.
 *
 * @example
 * await writeFile('sweep.md', formatSweep(await fineTuneSweep(options)))
 */
export function formatSweep({ runs, best, result }: FineTuneSweepResult): string {
  const rows = runs.map((run) => {
    const { learningRate, weightDecay, losses, score, diverged } = run
    const outcome = diverged ? ['diverged', '–'] : [losses.at(-1)!.toFixed(3), percent(score)]
    const cells = [short(learningRate), short(weightDecay * learningRate), ...outcome]
    return row(run === best ? cells.map((cell) => `**${cell}**`) : cells)
  })
  return `${[
    row(['learning rate', 'weight decay', 'training loss', `validation ${result.metric} (%)`]),
    row(Array.from({ length: 4 }, () => '--:')),
    ...rows,
    '',
    `Chosen settings on the test set: ${result.metric} ${percent(result.score)} %.`,
  ].join('\n')}\n`
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function percent(score: number): string {
  return (100 * score).toFixed(1)
}

/** Three digits, without the noise of a product: 0.00001 and not 0.000009999. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}
