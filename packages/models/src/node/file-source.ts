import { open } from 'node:fs/promises'
import type { ByteSource } from '../files/byte-source.ts'
import { checkWithin } from '../files/check-within.ts'
import { refuseFile } from '../files/refuse-file.ts'

export interface FileSource extends ByteSource {
  close(): Promise<void>
}

/** The system reads at most 2 GB at once. */
const CHUNK_BYTES = 2 ** 30

/**
 * Opens a file of any size for reading at random.
 *
 * @throws SimclrError if there is no file at `path`.
 */
export async function openFile(path: string): Promise<FileSource> {
  const handle = await open(path).catch((cause) =>
    refuseFile(path, 'a file that can be read', cause.code ?? 'another', {
      remedy: 'Check the path.',
      cause,
    }),
  )
  const information = await handle.stat()
  if (!information.isFile()) {
    await handle.close()
    refuseFile(path, 'a file', 'a folder or device', { remedy: 'Check the path.' })
  }
  const source = { name: path, size: information.size }
  return {
    ...source,
    async read(offset, length) {
      checkWithin(source, offset, length)
      const bytes = new Uint8Array(length)
      let done = 0
      while (done < length) {
        const { bytesRead } = await handle.read(
          bytes,
          done,
          Math.min(CHUNK_BYTES, length - done),
          offset + done,
        )
        if (bytesRead === 0)
          refuseFile(path, `${length} bytes at byte ${offset}`, `${done}: it was cut meanwhile`)
        done += bytesRead
      }
      return bytes
    },
    close: () => handle.close(),
  }
}
