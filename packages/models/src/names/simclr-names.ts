/** The names of our own files: those of the variables, bare or under a prefix such as `encoder.`. */
import type { NameFormat } from './name-format.ts'

const FIRST = 'stem.conv1.kernel'

/** Finds the first encoder of the file, whatever its prefix. */
export const simclrNames: NameFormat = {
  name: 'simclr',
  styles: ['official', 'torchvision'],
  layout: 'tensorflow',
  find(arrays) {
    const first = [...arrays.keys()].find((name) => name === FIRST || name.endsWith(`.${FIRST}`))
    if (first === undefined) return undefined
    const prefix = first.slice(0, -FIRST.length)
    return new Map(
      [...arrays.keys()]
        .filter((name) => name.startsWith(prefix))
        .map((name): [string, string] => [name.slice(prefix.length), name])
        .filter(([name]) => /^(stem|group\d+)\./.test(name)),
    )
  },
  names: (variables) => variables.map(({ name }) => name),
}
