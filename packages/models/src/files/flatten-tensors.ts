import { PytorchTensor } from './pytorch-tensors.ts'
import { refuseFile } from './refuse-file.ts'

const DEEPEST = 32
/** Keys that occur once in the pickle repeat in the names of all that they hold. */
const MAXIMUM_GROWTH = 4

/**
 * The tensors of nested dictionaries and lists by their keys and indices joined with dots, e.g.
 * `state_dict.conv1.weight` or `moments.0`; what is no tensor is left out.
 *
 * @param most How many values there may be, so that containers that hold each other end.
 * @throws SimclrError if they are deeper than 32, more than `most`, or their names have more than 4 `most` characters.
 */
export function flattenTensors(file: string, value: unknown, most: number): Map<string, PytorchTensor> {
  const tensors = new Map<string, PytorchTensor>()
  let seen = 0
  let characters = 0
  const visit = (path: readonly string[], inner: unknown): void => {
    if (++seen > most) refuseFile(file, `at most ${most} values`, 'more')
    if (path.length > DEEPEST) refuseFile(file, `containers nested at most ${DEEPEST} deep`, 'deeper')
    if (inner instanceof PytorchTensor) {
      characters += path.reduce((sum, { length }) => sum + length + 1, 0)
      if (characters > MAXIMUM_GROWTH * most) {
        refuseFile(file, `names of at most ${MAXIMUM_GROWTH * most} characters together`, 'longer ones')
      }
      tensors.set(path.join('.'), inner)
    } else if (inner instanceof Map || Array.isArray(inner)) {
      for (const [key, item] of inner.entries()) {
        if (typeof key === 'string' || typeof key === 'number') visit([...path, `${key}`], item)
      }
    }
  }
  visit([], value)
  return tensors
}
