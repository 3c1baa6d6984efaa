/** A decoding thread that image 13 ends while its header is read, and image 40 while it is decoded. */
import { decodeImages as decode, readHeaders as read } from '@simclr/data/decode-worker'

export function readHeaders(task) {
  if (task.files.some(({ path }) => path.endsWith('013.png'))) process.exit(1)
  return read(task)
}

export function decodeImages(task) {
  if (task.jobs.some(({ file }) => file.path.endsWith('040.png'))) process.exit(1)
  return decode(task)
}
