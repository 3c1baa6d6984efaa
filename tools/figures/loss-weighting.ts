/**
 * Writes docs/losses/weighting.svg: how hard each loss pushes a negative away, against its similarity with the anchor.
 * The curves are the gradients of our losses with respect to the similarity, not formulas.
 *
 * Run with built packages: `npx tsx tools/figures/loss-weighting.ts`
 */
import { writeFileSync } from 'node:fs'
import { useEngine } from '@simclr/engine'
import {
  decoupledContrastiveGathered,
  marginTripletGathered,
  ntLogisticGathered,
  ntXentGathered,
} from '@simclr/losses'
import { grad, type Scalar, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'

await useEngine('cpu', { log: () => {} })

type Loss = (anchors: Tensor2D, all: Tensor2D) => Scalar
const plain = { normalize: false, temperature: 0.2 } as const
const curves: [name: string, color: string, loss: Loss][] = [
  ['NT-Xent', '#0072b2', (anchors, all) => ntXentGathered(anchors, all, 0, plain)],
  ['decoupled', '#56b4e9', (anchors, all) => decoupledContrastiveGathered(anchors, all, 0, plain)],
  ['NT-Logistic', '#d55e00', (anchors, all) => ntLogisticGathered(anchors, all, 0, plain)],
  [
    'margin triplet',
    '#009e73',
    (anchors, all) => marginTripletGathered(anchors, all, 0, { normalize: false, margin: 0.4 }),
  ],
]

/** Similarities of the anchor with its positive and with the negative that does not move. */
const POSITIVE = 0.5
const OTHER_NEGATIVE = 0.25
const similarities = Array.from({ length: 201 }, (_, i) => i / 100 - 1)

/** One gathered row per dimension, so that the gradient of the anchor is that of each similarity. */
const identity = tensor2d([
  [1, 0, 0],
  [0, 1, 0],
  [1, 0, 0],
  [0, 0, 1],
])

/** ∂L/∂s of a negative, as a share of the largest on the axis. */
function weights(loss: Loss): number[] {
  const raw = similarities.map((similarity) =>
    tidy(() => {
      const anchor = [POSITIVE, similarity, OTHER_NEGATIVE]
      const gradient = grad((x) => loss(x as Tensor2D, identity))(tensor2d([anchor, anchor]))
      return gradient.dataSync()[1]!
    }),
  )
  const largest = Math.max(...raw)
  return raw.map((value) => value / largest)
}

const [width, height, left, top] = [640, 360, 56, 24]
const x = (similarity: number): number => left + ((similarity + 1) / 2) * (width - left - 150)
const y = (weight: number): number => top + (1 - weight) * (height - top - 52)
const line = (x1: number, y1: number, x2: number, y2: number, style: string): string =>
  `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${style}/>`
const text = (at: number, down: number, label: string, style = ''): string =>
  `<text x="${at}" y="${down}" ${style}>${label}</text>`

const axis = 'stroke="#555"'
const parts = [
  line(x(-1), y(0), x(1), y(0), axis),
  line(x(-1), y(0), x(-1), y(1), axis),
  line(x(POSITIVE), y(0), x(POSITIVE), y(1), 'stroke="#999" stroke-dasharray="4 4"'),
  text(x(POSITIVE), top - 8, 'positive', 'text-anchor="middle" fill="#555"'),
  ...[-1, -0.5, 0, 0.5, 1].map((at) => text(x(at), y(0) + 18, String(at), 'text-anchor="middle"')),
  ...[0, 0.5, 1].map((at) => text(x(-1) - 8, y(at) + 4, String(at), 'text-anchor="end"')),
  text(x(0), height - 12, 'similarity of the negative', 'text-anchor="middle"'),
  ...curves.flatMap(([name, color, loss], i) => {
    const points = weights(loss).map(
      (weight, k) => `${x(similarities[k]!).toFixed(1)},${y(weight).toFixed(1)}`,
    )
    const legend = top + 16 + 24 * i
    return [
      `<polyline fill="none" stroke="${color}" stroke-width="2" points="${points.join(' ')}"/>`,
      line(x(1) + 16, legend, x(1) + 36, legend, `stroke="${color}" stroke-width="2"`),
      text(x(1) + 42, legend + 4, name),
    ]
  }),
]
const title = 'Weight of a negative in the gradient, as a share of its largest (temperature 0.2, margin 0.4)'
writeFileSync(
  new URL('../../docs/losses/weighting.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" role="img">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${parts.join('\n')}
</svg>
`,
)
