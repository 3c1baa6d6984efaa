/** An exported encoder and its head in headless Chromium, loaded over HTTP by plain TensorFlow.js. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RandomKey } from '@simclr/core'
import { encodeTfjsGraphModel, ProjectionHead, ResNet } from '@simclr/models'
import { fill, tensor4d, tidy } from '@tensorflow/tfjs-core'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'

const CHROMIUM = '/usr/bin/chromium'
/** No server answers at this one: the test does. */
const ORIGIN = 'http://localhost'
const SHAPE: [number, number, number, number] = [2, 32, 24, 3]

test('features and embeddings agree with the encoder', { timeout: 300_000 }, async ({ skip }) => {
  if (!existsSync(CHROMIUM)) skip(`no ${CHROMIUM} (Debian: chromium)`)
  const { encoder, head } = network()
  const pixels = Array.from({ length: SHAPE.reduce((a, b) => a * b) }, (_, i) =>
    RandomKey.fromSeed(3).uniform(i),
  )
  const files = await encodeTfjsGraphModel(encoder, { head })
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--enable-unsafe-swiftshader', '--use-angle=swiftshader'],
  })
  try {
    const page = await browser.newPage()
    const body = `<!doctype html><script>${await bundledPage()}</script>`
    await page.route(`${ORIGIN}/`, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body }),
    )
    await page.route(`${ORIGIN}/model/*`, (route) =>
      route.fulfill({ body: Buffer.from(files.get(route.request().url().split('/').at(-1)!)!) }),
    )
    await page.goto(`${ORIGIN}/`)
    const run = { url: `${ORIGIN}/model/model.json`, pixels, shape: SHAPE }
    const output = await page.evaluate(
      ({ url, pixels, shape }) => globalThis.executeModel(url, pixels, shape),
      run,
    )

    expect(output.backend).toBe('webgl')
    tidy(() => {
      const features = encoder.apply(tensor4d(pixels, SHAPE), { training: false })
      const embeddings = head.apply(features, { training: false })
      expect(output.features).toBeAllClose(features.dataSync(), { relative: 1e-4 })
      expect(output.embeddings).toBeAllClose(embeddings.dataSync(), { relative: 1e-4 })
    })
  } finally {
    await browser.close()
    encoder.dispose()
    head.dispose()
  }
})

/** A narrow ResNet-18 whose residual branches count: their last scales start at 0. */
function network(): { encoder: ResNet; head: ProjectionHead } {
  const encoder = new ResNet({ depth: 18, width: 0.125, seed: 1 })
  const head = new ProjectionHead({ inputWidth: encoder.featureWidth, outputWidth: 16, seed: 2 })
  tidy(() => {
    for (const { role, value } of encoder.parameters()) {
      if (role === 'scale') value.assign(fill(value.shape, 0.5))
    }
  })
  return { encoder, head }
}

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
