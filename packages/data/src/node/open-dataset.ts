/** Datasets by the short text that commands and configurations name them with. */
import { nearestWord, SimclrError } from '@simclr/core'
import type { Dataset } from '../dataset.ts'
import { synthetic } from '../synthetic.ts'
import type { DatasetDefinition, OpenOptions } from './dataset-definition.ts'
import { datasets } from './datasets.ts'
import { imageFolder } from './image-folder.ts'
import { packedDataset } from './packed-dataset.ts'

/** How each kind opens what follows its colon; the forms are what a reader may type. */
type Kind = { form: string; open: (rest: string, options: OpenOptions) => Promise<Dataset> }

function folderKind(name: string, open: DatasetDefinition['open']): [string, Kind] {
  return [
    name,
    { form: `${name}:DIR`, open: (folder, options) => open(requireFolder(name, folder), options) },
  ]
}

const KINDS: Readonly<Record<string, Kind>> = {
  synthetic: { form: 'synthetic or synthetic:COUNT', open: async (count) => synthetic(parseCount(count)) },
  ...Object.fromEntries([
    folderKind('folder', imageFolder),
    ...Array.from(datasets.values(), ({ info, open }) => folderKind(info.name, open)),
  ]),
  packed: { form: 'packed:FILE', open: packedDataset },
}

/**
 * Opens a dataset by its SPEC.
 *
 * @param spec `synthetic`, `synthetic:COUNT`, `folder:DIR`, `packed:FILE` or `NAME:DIR` for a published dataset, `cifar10:DIR`.
 * @param options Are for datasets of image files; others ignore them.
 * @returns the training split; close it when done.
 * @throws SimclrError for an unknown kind, naming the nearest one, and what the dataset itself throws.
 */
export async function openDataset(spec: string, options: OpenOptions = {}): Promise<Dataset> {
  const colon = spec.indexOf(':')
  const kind = colon < 0 ? spec : spec.slice(0, colon)
  if (Object.hasOwn(KINDS, kind)) return KINDS[kind]!.open(colon < 0 ? '' : spec.slice(colon + 1), options)
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
