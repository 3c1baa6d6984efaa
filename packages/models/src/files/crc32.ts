/** The checksum of zip files (ISO 3309). */
import { type Checksum, cyclicRedundancyCheck } from './cyclic-redundancy-check.ts'

export const crc32: Checksum = cyclicRedundancyCheck(0xedb88320)
