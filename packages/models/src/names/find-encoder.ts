/** Which of the known formats a file follows. */
import { SimclrError } from '@simclr/core'
import type { ArrayInfo } from '../files/weight-file.ts'
import type { Encoder } from './compare-arrays.ts'
import { simclrNames } from './simclr-names.ts'
import { summarize } from './summarize.ts'
import { tensorflowNames } from './tensorflow-names.ts'
import { torchvisionNames } from './torchvision-names.ts'

const FORMATS = [simclrNames, torchvisionNames, tensorflowNames]

/** @throws SimclrError if the names of the arrays are those of none. */
export function findEncoder(arrays: ReadonlyMap<string, ArrayInfo>): Encoder {
  for (const format of FORMATS) {
    const found = format.find(arrays)
    if (found !== undefined) return { format, found }
  }
  throw new SimclrError({
    parameter: 'weights',
    expected: `the arrays of a ResNet in names of ${FORMATS.map(({ name }) => name).join(', ')}`,
    received: arrays.size === 0 ? 'no array' : `${arrays.size} arrays: ${summarize([...arrays.keys()])}`,
    remedy: 'Export the encoder under one of these conventions.',
  })
}
