/** The setting that names how views are made: the paper's pipeline, or one of those it is compared with. */
import { type StudiedOperation, studiedOperations } from '@simclr/augment'
import { nearestWord } from '@simclr/core'
import { z } from 'zod'

/** Cells of figure 5: one transformation, or two different ones in the order of their application. */
const compositions: ReadonlyMap<string, readonly StudiedOperation[]> = new Map(
  studiedOperations.flatMap((first) =>
    studiedOperations.map((second) => {
      const operations = first === second ? [first] : [first, second]
      return [operations.join('+'), operations] as const
    }),
  ),
)

/** What table 3 adds to the paper's pipeline, to be predicted from the representation afterwards. */
const addedOperations = ['rotate', 'noise', 'sobel'] as const
export type AddedOperation = (typeof addedOperations)[number]

/**
 * `simclr` (appendix A, the default), the same with an operation of table 3 behind it (`simclr+rotate`), `auto-augment` (the
 * last column of table 1), or a composition of figure 5: `color`, `crop+color`, …
 */
export const augmentationSetting: z.ZodDefault<z.ZodString> = z
  .string()
  .superRefine((name, context) => {
    const added = addedOperations.map((name) => `simclr+${name}`)
    const names = ['simclr', ...added, 'auto-augment', ...compositions.keys()]
    if (names.includes(name)) return
    context.addIssue({
      code: 'custom',
      message: `simclr, ${added.join(', ')}, auto-augment, or one or two different of ${studiedOperations.join(', ')} with a + between them`,
      params: { nearest: nearestWord(name, names) },
    })
  })
  .default('simclr')

/** The transformations of the second view in a composition of figure 5; undefined for what treats both views alike. */
export function composedOperations(augmentation: string): readonly StudiedOperation[] | undefined {
  return compositions.get(augmentation)
}

/** What comes behind the paper's pipeline in both views; undefined for nothing. */
export function addedOperation(augmentation: string): AddedOperation | undefined {
  return addedOperations.find((name) => augmentation === `simclr+${name}`)
}
