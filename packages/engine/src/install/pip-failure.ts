/** Turns what pip printed before it failed into an error that says what to do. */
import { SimclrError } from '@simclr/core'
import type { Installable } from './installable.ts'

interface Diagnosis {
  readonly pattern: RegExp
  readonly expected: string
  readonly received: string
  readonly remedy: string
}

/** In this order: pip says "no matching distribution" also when it could not reach its index. */
function diagnoses({ library, versionFlag }: Installable): Diagnosis[] {
  const noWheel = {
    expected: `offered a ${library} wheel for this Python and system`,
    received: 'none from the package index',
    remedy: `Try another Python (--python COMMAND) or another version (${versionFlag} NUMBER).`,
  }
  return [
    { pattern: /from versions: \d/, ...noWheel },
    {
      pattern: /No space left on device|Errno 28|not enough space/i,
      expected: 'able to write its files',
      received: 'a full disk',
      remedy: 'Free some space, or set SIMCLR_HOME to a folder on a larger disk.',
    },
    {
      pattern: /CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError/,
      expected: 'able to verify the package index',
      received: 'a certificate that Python does not trust',
      remedy: 'Name the certificates of your network: export PIP_CERT=FILE.',
    },
    {
      pattern:
        /NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Max retries exceeded|Temporary failure in name resolution|Connection (refused|reset|aborted)|Network is unreachable|ProxyError|Could not fetch URL|connection broken/i,
      expected: 'able to reach the package index',
      received: 'no connection',
      remedy: 'Check the network, or set PIP_INDEX_URL or PIP_PROXY to what reaches one from here.',
    },
    { pattern: /No matching distribution found/, ...noWheel },
  ]
}

/**
 * @param output everything that pip printed.
 * @returns the error to throw; of an unknown failure it quotes pip's last lines.
 */
export function pipFailure(output: string, installable: Installable): SimclrError {
  const known = diagnoses(installable).find(({ pattern }) => pattern.test(output))
  const lastLines = output.trim().split('\n').slice(-3).join(' / ')
  return new SimclrError({
    parameter: `engine install ${installable.engine}: pip`,
    expected: known?.expected ?? `able to install ${installable.library}`,
    received: known?.received ?? `"${lastLines}"`,
    remedy: known?.remedy ?? `Try again. ${installable.alternative}`,
    cause: new Error(output.trim()),
  })
}
