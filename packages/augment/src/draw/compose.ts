import type { Draw } from './draw.ts'

/** Draws for one augmentation after another: a list for each image. One that comes twice draws independently. */
export function drawInTurn(draws: readonly Draw[]): Draw<readonly unknown[]> {
  return {
    name: 'compose',
    outputSize: (size) => draws.reduce((current, { outputSize }) => outputSize(current), size),
    sample: (random, count, size) => {
      const keys = Array.from({ length: count }, (_, i) => random(i))
      const uses = new Map<string, number>()
      let current = size
      const columns = draws.map(({ name, sample, outputSize }) => {
        const use = uses.get(name) ?? 0
        uses.set(name, use + 1)
        const drawn = sample((i) => (use === 0 ? keys[i]! : keys[i]!.fold(use)), count, current)
        current = outputSize(current)
        return drawn
      })
      return keys.map((_, i) => columns.map((drawn) => drawn[i]))
    },
  }
}
