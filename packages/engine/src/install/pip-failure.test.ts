import { expect, test } from 'vitest'
import { LIBTORCH } from './install-libtorch.ts'
import { pipFailure } from './pip-failure.ts'

const outputs: [string, string, RegExp][] = [
  [
    'an unreachable index',
    `WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError('<...>: Failed to
establish a new connection: [Errno 111] Connection refused')': /simple/torch/
ERROR: Could not find a version that satisfies the requirement torch<2.16,>=2.10 (from versions: none)
ERROR: No matching distribution found for torch<2.16,>=2.10`,
    /no connection.*PIP_INDEX_URL/,
  ],
  [
    'an untrusted certificate',
    "Could not fetch URL: There was a problem confirming the ssl certificate: SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]",
    /certificate that Python does not trust.*PIP_CERT/,
  ],
  [
    'no wheel for this Python, after a retry',
    `WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'
ERROR: Could not find a version that satisfies the requirement torch<2.16,>=2.10 (from versions: 2.0.0, 2.9.1)
ERROR: No matching distribution found for torch<2.16,>=2.10`,
    /offered a PyTorch wheel.*--python COMMAND/,
  ],
  [
    'an empty index',
    'ERROR: No matching distribution found for torch<2.16,>=2.10',
    /offered a PyTorch wheel/,
  ],
  ['a full disk', 'ERROR: Could not install: [Errno 28] No space left on device', /a full disk.*SIMCLR_HOME/],
  ['anything else', 'a\nb\nc\nERROR: new', /"b \/ c \/ ERROR: new"/],
]

test.each(outputs)('%s', (_, output, message) => {
  expect(pipFailure(output, LIBTORCH).message).toMatch(message)
})
