/** Reduces unpacked TensorFlow wheels to the libraries that the compiled binding loads. */
import { join } from 'node:path'
import { LIBRARIES } from '../tensorflow/find-tensorflow.ts'
import { keepEntries, listEntries } from './keep-entries.ts'

/** Beside them: the binding, the npm package it belongs to, and the licences. */
const KEPT = /^(tensorflow|nvidia|tfjs_binding\.node|node_modules|.*\.dist-info)$/

/**
 * Removes Python code and headers.
 *
 * Measured on `tensorflow-cpu` 2.21: 1.3 GB become 0.85 GB.
 *
 * @param folder a site-packages folder with the compiled binding in it, and nothing that others use.
 */
export async function pruneTensorflow(folder: string): Promise<void> {
  await keepEntries(folder, (name) => KEPT.test(name))
  await keepEntries(
    join(folder, 'tensorflow'),
    (name) => LIBRARIES.includes(name) || name === 'THIRD_PARTY_NOTICES.txt',
  )
  for (const part of await listEntries(join(folder, 'nvidia'))) {
    await keepEntries(join(folder, 'nvidia', part), (name) => name !== 'include' && name !== '__pycache__')
  }
}
