/** Datasets by the short text that commands and configurations name them with. */
import { nearestWord, SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import { synthetic } from '../synthetic.ts'
import { cifar10 } from './cifar10.ts'
import { imageFolder } from './image-folder.ts'

/** How each kind opens what follows its colon; the forms are what a reader may type. */
const KINDS: Readonly<Record<string, { form: string; open: (rest: string) => Promise<Dataset> }>> = {
  synthetic: { form: 'synthetic or synthetic:COUNT', open: async (count) => synthetic(parseCount(count)) },
  cifar10: { form: 'cifar10:DIR', open: (folder) => cifar10(requireFolder('cifar10', folder)) },
  folder: { form: 'folder:DIR', open: (folder) => imageFolder(requireFolder('folder', folder)) },
}

/**
 * Opens a dataset by its SPEC.
 *
 * @param spec `synthetic`, `synthetic:COUNT`, `cifar10:DIR` or `folder:DIR`.
 * @returns the training split; close it when done.
 * @throws SimclrError for an unknown kind, naming the nearest one, and what the dataset itself throws.
 */
export async function openDataset(spec: string): Promise<Dataset> {
  const colon = spec.indexOf(':')
  const kind = colon < 0 ? spec : spec.slice(0, colon)
  if (Object.hasOwn(KINDS, kind)) return KINDS[kind]!.open(colon < 0 ? '' : spec.slice(colon + 1))
  const nearest = nearestWord(kind, Object.keys(KINDS))
  throw new SimclrError({
    parameter: 'dataset',
    expected: Object.values(KINDS)
      .map(({ form }) => form)
      .join(', '),
    received: `"${spec}"`,
    remedy:
      nearest === undefined ? `For a folder of images type folder:${spec}.` : `Did you mean "${nearest}"?`,
  })
}

function parseCount(count: string): { count?: number } {
  return count === '' ? {} : { count: Number(count) }
}

function requireFolder(kind: string, folder: string): string {
  if (folder !== '') return folder
  throw new SimclrError({
    parameter: `dataset ${kind}`,
    expected: `followed by its folder, ${kind}:DIR`,
    received: 'no folder',
    remedy: 'Add a colon and the path.',
  })
}
