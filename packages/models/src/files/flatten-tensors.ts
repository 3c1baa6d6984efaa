import { PytorchTensor } from './pytorch-tensors.ts'
import { refuseFile } from './refuse-file.ts'

const DEEPEST = 32

/**
 * The tensors of nested dictionaries by their keys joined with dots, e.g. `state_dict.conv1.weight`; what is no tensor
 * is left out.
 *
 * @param most How many values there may be, so that dictionaries that contain each other end.
 * @throws SimclrError if they are deeper than 32 or more than `most`.
 */
export function flattenTensors(file: string, value: unknown, most: number): Map<string, PytorchTensor> {
  const tensors = new Map<string, PytorchTensor>()
  let seen = 0
  const visit = (prefix: readonly string[], inner: unknown): void => {
    if (++seen > most) refuseFile(file, `at most ${most} values`, 'more')
    if (prefix.length > DEEPEST) refuseFile(file, `dictionaries nested at most ${DEEPEST} deep`, 'deeper')
    if (inner instanceof PytorchTensor) tensors.set(prefix.join('.'), inner)
    if (!(inner instanceof Map)) return
    for (const [key, item] of inner) {
      if (typeof key === 'string' || typeof key === 'number') visit([...prefix, `${key}`], item)
    }
  }
  visit([], value)
  return tensors
}
