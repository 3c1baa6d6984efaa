import { SimclrError } from '@simclr/core'
import { renderReport } from './render-report.ts'
import type { ReportData } from './report-data.ts'

/**
 * Writes the report as one HTML file: under a temporary name first, then renamed, so that a reader never meets half
 * a report and a failure leaves the old one.
 *
 * @throws SimclrError if the file cannot be written, or the data cannot be shown (see `renderReport`).
 */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  const { rename, rm, writeFile } = await import('node:fs/promises')
  const html = await renderReport(data)
  const temporary = `${path}.${process.pid}.tmp`
  try {
    await writeFile(temporary, html, { flush: true })
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw new SimclrError({
      parameter: 'writeReport: path',
      expected: 'a file that can be written',
      received: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Check that the folder exists, is writable and has space left.',
      cause,
    })
  }
}
