import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RandomKey, SimclrError } from '@simclr/core'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodePicture } from './encode-picture.ts'
import { renderCurves } from './render-curves.ts'
import { renderReport } from './render-report.ts'
import type { Picture, ReportData } from './report-data.ts'
import { writeReport } from './write-report.ts'

const EVIL = `<b>&"'</script>`
const key = RandomKey.fromSeed(11)

function noise(side: number, seed: number): Picture {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, i) => key.fold(seed).integer(i, 256))
  return { data, width: side, height: side }
}

function reportData(side = 8, count = 3): ReportData {
  return {
    title: `Run ${EVIL}`,
    created: '2025-07-19T10:20:00Z',
    summary: [{ label: `kNN ${EVIL}`, value: '78.1%', note: EVIL }],
    config: { [EVIL]: EVIL, model: { depth: 18, widths: [1, 2] }, nothing: null },
    engine: { name: `engine ${EVIL}`, version: '1.0', device: 'cpu', threads: 1 },
    steps: Array.from({ length: 3000 }, (_, i) => ({
      step: i + 1,
      epoch: (i + 1) / 100,
      loss: 5 + key.normal(i),
      contrastiveAccuracy: 0.5,
      contrastiveEntropy: 2,
      learningRate: i / 3000,
      viewsPerSecond: 1500,
    })),
    evaluations: [0, 1, 2].map((i) => ({ step: i * 100, epoch: i, accuracy: 0.3 + i / 10 })),
    results: [{ name: `linear ${EVIL}`, accuracy: 0.83, detail: EVIL }],
    viewPairs: Array.from({ length: count }, (_, i) => ({
      first: noise(side, i),
      second: noise(side, i),
      original: noise(side, i),
    })),
    neighbours: Array.from({ length: count }, (_, i) => ({
      query: noise(side, i),
      label: EVIL,
      nearest: [
        { picture: noise(side, i), label: EVIL, similarity: 0.9 },
        { picture: noise(side, i), label: 'other', similarity: 0.8 },
      ],
    })),
    map: {
      x: [0, 1, 2],
      y: [0, 1, 0],
      labels: Int32Array.of(0, 1, -1),
      classes: [EVIL, 'b'],
      method: 't-sne',
    },
  }
}

const EMPTY: ReportData = {
  ...reportData(),
  summary: [],
  config: {},
  steps: [],
  evaluations: [],
  results: [],
  viewPairs: [],
  neighbours: [],
  map: { x: [], y: [], labels: undefined, classes: [] },
}

/** Elements that are opened and not closed, or closed and not opened. Elements without content end in `/>`. */
function unbalancedTags(source: string): string[] {
  const open: string[] = []
  const bare = source.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace('<!doctype html>', '')
  for (const [tag, closing, name, empty] of bare.matchAll(/<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (empty) continue
    if (!closing) open.push(name!)
    else if (open.at(-1) === name) open.pop()
    else return [tag]
  }
  const stray = bare.replace(/<(\/?)([a-z0-9]+)(?:\s[^<>]*?)?(\/?)>/g, '').match(/[<>]/g) ?? []
  return [...open, ...stray]
}

describe('renderReport', () => {
  it('escapes every text it is given', async () => {
    const html = await renderReport(reportData())
    expect(html).not.toContain('<b>&')
    expect(html.match(/<\/script>/g)).toHaveLength(1)
    expect(html.split('&lt;b&gt;&amp;&quot;&#39;&lt;/script&gt;').length).toBeGreaterThan(12)
  })

  it.each([
    ['full', reportData()],
    ['empty', EMPTY],
    ['one step', { ...EMPTY, steps: reportData().steps.slice(0, 1) }],
  ])('is well-formed: %s', async (_, data) => {
    expect(unbalancedTags(await renderReport(data))).toEqual([])
    expect(unbalancedTags(renderCurves(data))).toEqual([])
  })

  it('asks for nothing beyond itself', async () => {
    const html = await renderReport(reportData())
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|url\(|@import/)
    const sources = [...html.matchAll(/\s(?:src|href)="([^"]*)"/g)].map((match) => match[1]!)
    expect(sources.length).toBeGreaterThan(10)
    expect(sources.every((source) => source.startsWith('data:'))).toBe(true)
  })

  it('is a pure function of its argument', async () => {
    expect(await renderReport(reportData())).toBe(await renderReport(reportData()))
  })

  it('says what is missing', async () => {
    const html = await renderReport(EMPTY)
    expect(html.match(/<p class="note">No [^<]+ recorded\.<\/p>/g)).toHaveLength(5)
    expect(html).not.toContain('NaN')
    const first = await renderReport({ ...EMPTY, steps: reportData().steps.slice(0, 1) })
    expect(first).toContain('One value so far')
  })

  it('survives losses that are not finite, and says so', async () => {
    const steps = reportData().steps.map((step, i) =>
      i < 2000 ? step : { ...step, loss: i % 2 ? Number.NaN : Infinity, contrastiveEntropy: Number.NaN },
    )
    const html = await renderReport({ ...reportData(), steps })
    expect(html).toContain('not finite in 1000 of 3000 steps, first in step 2001')
    expect(html).not.toMatch(/NaN|Infinity/)
    const none = steps.map((step) => ({ ...step, loss: Number.NaN }))
    expect(await renderReport({ ...reportData(), steps: none })).toContain('No values were recorded.')
  })

  it('draws at most 1,000 points of a long curve', () => {
    const paths = [...renderCurves(reportData()).matchAll(/class="plot-(?:line|raw)" d="([^"]+)"/g)]
    expect(paths.length).toBeGreaterThan(6)
    for (const [, path] of paths) expect(path!.match(/[ML]/g)!.length).toBeLessThanOrEqual(1000)
  })

  it('stays under 2 MB with many large pictures', async () => {
    expect((await renderReport(reportData(160, 20))).length).toBeLessThan(2e6)
  })

  it('explains what the map may not be read for', async () => {
    expect(await renderReport(reportData())).toContain('t-SNE, which keeps neighbours together')
  })

  it('refuses pictures and maps that do not fit', async () => {
    const broken = { ...noise(4, 1), width: 5 }
    const pairs = { ...EMPTY, viewPairs: [{ first: broken, second: broken }] }
    await expect(renderReport(pairs)).rejects.toThrow('must be width · height · 3 bytes (60), got 48 bytes')
    const map = { x: [1, 2], y: [1], labels: undefined, classes: [] }
    await expect(renderReport({ ...EMPTY, map })).rejects.toThrow(SimclrError)
  })
})

it('encodePicture keeps small pictures exactly and shrinks large ones', async () => {
  const decode = (uri: string) =>
    sharp(Buffer.from(uri.split(',')[1]!, 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true })
  const small = await decode(await encodePicture(noise(8, 2), 16))
  expect(new Uint8Array(small.data)).toEqual(noise(8, 2).data)
  const large = await decode(await encodePicture(noise(40, 2), 16))
  expect([large.info.width, large.info.height, large.info.channels]).toEqual([16, 16, 3])
})

describe('writeReport', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simclr-report-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('replaces an older report and leaves no other file', async () => {
    const path = join(folder, 'report.html')
    await writeReport(path, reportData())
    await writeReport(path, EMPTY)
    expect(await readFile(path, 'utf8')).toBe(await renderReport(EMPTY))
    expect(await readdir(folder)).toEqual(['report.html'])
  })

  it('leaves nothing behind where it cannot write', async () => {
    await expect(writeReport(join(folder, 'missing', 'report.html'), EMPTY)).rejects.toThrow(SimclrError)
    await mkdir(join(folder, 'taken'))
    await expect(writeReport(join(folder, 'taken'), EMPTY)).rejects.toThrow('writeReport: path')
    expect(await readdir(folder)).toEqual(['taken'])
  })
})
