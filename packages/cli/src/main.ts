#!/usr/bin/env node
/** The command line: parses, runs, and turns errors into one clear line and a non-zero exit. */
import { SimclrError } from '@simclr/core'
import { printWarnings } from './print-warnings.ts'
import { buildProgram } from './program.ts'

printWarnings()
try {
  await buildProgram().parseAsync()
} catch (error) {
  console.error(SimclrError.isInstance(error) ? `error: ${error.message}` : error)
  process.exitCode ||= 1
}
