/** Programs that run to their end, their output for the user to see. */
import { spawn } from 'node:child_process'
import { SimclrError } from '@simclr/core'

/** @throws SimclrError about `parameter` unless the program ends with status 0. */
export function runCommand(parameter: string, command: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
    const fail = (received: string): void =>
      reject(new SimclrError({ parameter: `${parameter}: ${command}`, expected: 'successful', received }))
    child.on('error', (error) => fail(error.message))
    child.on('close', (status) => (status === 0 ? resolve() : fail(`exit status ${status}`)))
  })
}
