/** The projection head of a run, a checkpoint or the folder of an encoder, for fine-tuning from one of its layers. */
import { join } from 'node:path'
import { importProjectionHead, type ProjectionHead } from '@simclr/models'
import { openWeights } from '@simclr/models/node'
import { MODEL } from './encoder-folder.ts'

/**
 * @param path Folder of a checkpoint or of an encoder, as {@link loadEncoder} gives it, which has checked its files.
 * @returns The head, which the caller disposes.
 * @throws SimclrError if none is stored.
 */
export async function loadProjectionHead(path: string): Promise<ProjectionHead> {
  const file = await openWeights(join(path, MODEL))
  try {
    return await importProjectionHead(file)
  } finally {
    await file.close()
  }
}
