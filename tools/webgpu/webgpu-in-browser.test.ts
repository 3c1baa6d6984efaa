/** The packages and TensorFlow.js's webgpu backend in headless Chromium, on its software adapter. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { test } from 'vitest'
import { expectAgreement } from './expect-agreement.ts'

const CHROMIUM = '/usr/bin/chromium'
/** Browsers offer WebGPU to secure origins only; no server answers at this one. */
const ORIGIN = 'http://localhost'

test('three training steps agree with the cpu backend', { timeout: 300_000 }, async ({ skip }) => {
  if (!existsSync(CHROMIUM)) skip(`no ${CHROMIUM} (Debian: chromium)`)
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  })
  try {
    const page = await browser.newPage()
    const body = `<!doctype html><script>${await bundledPage()}</script>`
    await page.route(ORIGIN, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }))
    await page.goto(ORIGIN)
    const cpu = await page.evaluate(() => globalThis.threeStepsOn('cpu'))
    const webgpu = await page.evaluate(() => globalThis.threeStepsOn('webgpu'))
    expectAgreement(webgpu, cpu)
  } finally {
    await browser.close()
  }
})

async function bundledPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}
