/** The report: one HTML file that needs nothing else, not even its script. */
import { chartStyle } from './chart-style.ts'
import { configTable } from './config-table.ts'
import { type Markup, markup } from './markup.ts'
import { metricsTable } from './metrics-table.ts'
import { neighbourFigure, pictureSide, viewPairFigure } from './picture-figures.ts'
import { renderPage } from './render-page.ts'
import type { EmbeddingMap, EngineFacts, Neighbourhood, ReportData, StepMetrics } from './report-data.ts'
import { reportScript } from './report-script.ts'
import { reportStyle } from './report-style.ts'
import { resultsTable } from './results-table.ts'
import { scatterMap } from './scatter-map.ts'
import { trainingCurves } from './training-curves.ts'

/**
 * Renders a run as one self-contained HTML page: light and dark, for wide and narrow screens, and for print.
 *
 * A pure function of its argument. All text is escaped; a part without data becomes a sentence. Pictures are scaled
 * down as far as needed to keep the file under about 2 MB.
 *
 * @returns The page's source, which forbids itself every network request.
 * @throws SimclrError for a picture whose data does not fit its size, or a map with lists of different length.
 */
export async function renderReport(data: ReportData): Promise<string> {
  const { title, created, summary, engine, results, viewPairs, neighbours, map, config } = data
  const side = pictureSide(countPictures(data))
  const pairs = viewPairs.length > 0 && (await viewPairFigure(viewPairs, side))
  const near = neighbours.length > 0 && (await neighbourFigure(neighbours, side))
  const items = summary.map(
    ({ label, value, note }) =>
      markup`<div><dt>${label}</dt><dd class="value">${value}</dd>${note !== undefined && markup`<dd class="note">${note}</dd>`}</div>
`,
  )
  return renderPage({
    title,
    overline: 'SimCLR run report',
    facts: [formatDate(created), ...engineFacts(engine)],
    style: chartStyle + reportStyle,
    script: reportScript,
    summary: items.length > 0 && markup`<dl class="summary">${items}</dl>`,
    body: markup`${section('Results', results.length > 0 && resultsTable(results), 'No final evaluation was recorded.')}
${section('Training', trainingFigure(data), 'No training steps were recorded.')}
${section('Views', pairs && figure(pairs, pairsCaption(data)), 'No pairs of views were recorded.')}
${section('Nearest neighbours', near && figure(near, neighboursCaption(neighbours)), 'No nearest neighbours were recorded.')}
${section('Map of the embeddings', mapFigure(map), 'No embeddings were recorded.')}
${section('Settings', fold('The resolved configuration', configTable(config)), '')}`,
  })
}

function section(title: string, content: Markup | false | undefined, absent: string): Markup {
  const body = content || markup`<p class="note">${absent}</p>`
  return markup`<section>
<h2>${title}</h2>
${body}
</section>`
}

function figure(content: Markup, caption: Markup): Markup {
  return markup`<figure>
${content}
<figcaption>${caption}</figcaption>
</figure>`
}

function fold(title: string, content: Markup): Markup {
  return markup`<details><summary>${title}</summary>${content}</details>`
}

function trainingFigure(data: ReportData): Markup | undefined {
  const { steps } = data
  const curves = trainingCurves(data)
  if (curves.length === 0) return undefined
  return markup`${figure(markup`<div class="curves">${curves}</div>`, curvesCaption(steps))}
${steps.length > 0 && fold('The numbers behind the curves', metricsTable(steps))}`
}

function mapFigure(map: EmbeddingMap): Markup | undefined {
  const plot = scatterMap(map)
  return plot && figure(plot, mapCaption(map))
}

function curvesCaption(steps: readonly StepMetrics[]): Markup {
  const broken = steps.filter(({ loss }) => !Number.isFinite(loss))
  const warning =
    broken.length > 0 &&
    markup`<span class="warning">The loss was not finite in ${broken.length} of ${steps.length} steps, first in step ${broken[0]!.step}; the curve has gaps there.</span>`
  return markup`<b>The course of training.</b> Each number is the last value of its curve. ${steps.length > 100 && 'Faint lines are single steps, strong ones their moving average. '}Contrastive accuracy is how often an image’s first view finds its second among all second views of the batch, contrastive entropy how undecided that choice is. ${warning}`
}

function pairsCaption({ viewPairs }: ReportData): Markup {
  const order = viewPairs.some(({ original }) => original)
    ? 'The image and, beside it, its two views'
    : 'Two views of each image'
  return markup`<b>What the encoder is trained on.</b> ${order}, cropped and coloured at random. Training draws the views of an image together and pushes all others away.`
}

function neighboursCaption(neighbours: readonly Neighbourhood[]): Markup {
  const judged = neighbours.flatMap(({ label, nearest }) =>
    label === undefined
      ? []
      : nearest.flatMap((other) => (other.label === undefined ? [] : [other.label === label])),
  )
  const agreement =
    judged.length > 0 &&
    `${judged.filter(Boolean).length} of these ${judged.length} neighbours are of their query’s class; a cross marks the others.`
  return markup`<b>Images and those the encoder finds most similar.</b> Numbers are cosine similarities of embeddings. ${agreement}`
}

function mapCaption({ method, x, labels }: EmbeddingMap): Markup {
  const how = {
    't-sne':
      'Laid out by t-SNE, which keeps neighbours together. The distances between groups, their sizes and their densities mean nothing, and the axes have no unit.',
    pca: 'The first two principal components: distances are true to the plane, but most of the variance lies outside it, so groups that overlap here may be apart.',
  }
  return markup`<b>${x.length} embeddings in the plane.</b> ${method && how[method]} ${labels && 'Colours are the true classes; neither pretraining nor the layout used them.'}`
}

function engineFacts({ name, version, device, threads }: EngineFacts): string[] {
  const count = threads === undefined ? undefined : `${threads} ${threads === 1 ? 'thread' : 'threads'}`
  return [version === undefined ? name : `${name} ${version}`, device, count].filter(
    (fact) => fact !== undefined,
  )
}

/** The day in words; text that is no date stays as it is. */
function formatDate(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

function countPictures({ viewPairs, neighbours }: ReportData): number {
  const inPairs = viewPairs.reduce((sum, { original }) => sum + (original ? 3 : 2), 0)
  return neighbours.reduce((sum, { nearest }) => sum + 1 + nearest.length, inPairs)
}
