/** Warnings of our packages as one line each, without Node's process number and code. */

/** From now on; other warnings are printed as before. */
export function printWarnings(): void {
  const others = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning: Error & { code?: string }) => {
    if (warning.code?.startsWith('SIMCLR_'))
      console.error(`warning: ${warning.message.replaceAll('\n', '; ')}`)
    else for (const print of others) print(warning)
  })
}
