/** The lists of labelled ImageNet images of SimCLR's semi-supervised results (its repository, `imagenet_subsets`). */
import { createHash } from 'node:crypto'
import { readLabelNames } from './read-label-names.ts'

/** By the SHA-256 of their sorted lines: 12,811 and 128,116 images, 12 to 13 and 128 to 129 of each class. */
const SHARES: ReadonlyMap<string, '1%' | '10%'> = new Map([
  ['6581e723dbf23ae41ebd1d66d0b3c1c0eb8865d5abfa906987f6563513f4b9b8', '1%'],
  ['220f3e2f6dba9d26ec247224cbbf4f3581cbf7fe341e08b191ee0855ad19af56', '10%'],
])

/**
 * @param file A label list, in any order and with either line end.
 * @returns which official list it is; undefined if it is another one, or has been changed.
 * @throws SimclrError if the file cannot be read or is empty.
 */
export async function officialLabelList(file: string): Promise<'1%' | '10%' | undefined> {
  const names = await readLabelNames(file)
  return SHARES.get(createHash('sha256').update(names.sort().join('\n')).digest('hex'))
}
