/** The engine `webgpu` in Node, on the software adapter that Debian's Chromium brings where there is no other. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { expectAgreement } from './expect-agreement.ts'

const CHROMIUM = '/usr/lib/chromium'
const DRIVER = `${CHROMIUM}/vk_swiftshader_icd.json`

/** The driver, and Vulkan's loader, which is found before Node starts or never. */
const software = { VK_DRIVER_FILES: DRIVER, LD_LIBRARY_PATH: CHROMIUM }

test('three training steps agree with the cpu backend', { timeout: 300_000 }, async ({ skip }) => {
  const hasDriver = process.env.VK_DRIVER_FILES !== undefined
  if (!hasDriver && !existsSync(DRIVER)) skip(`neither VK_DRIVER_FILES nor ${DRIVER} (Debian: chromium)`)
  const program = fileURLToPath(new URL('node-program.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, ...(hasDriver ? {} : software) },
    maxBuffer: 2 ** 26,
  })
  const { cpu, webgpu, engine } = JSON.parse(stdout.slice(stdout.indexOf('{"cpu"')))
  expect(engine).toMatchObject({ name: 'webgpu', version: expect.stringMatching(/^4\./), device: 'gpu' })
  expectAgreement(webgpu, cpu)
})
