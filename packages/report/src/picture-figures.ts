/** Markup of the two figures made of pictures: pairs of views, and nearest neighbours. */
import { encodePicture } from './encode-picture.ts'
import { type Markup, markup } from './markup.ts'
import type { Neighbourhood, Picture, ViewPair } from './report-data.ts'

/** A picture larger than this shows nothing more on a page. */
const LARGEST_SIDE = 160
/** Bytes for all pictures of one report, before base64 adds a third; a PNG pixel takes at most about 3. */
const BUDGET = 1_200_000

/** The longest side at which `count` pictures stay within the budget. */
export function pictureSide(count: number): number {
  return Math.max(8, Math.min(LARGEST_SIDE, Math.floor(Math.sqrt(BUDGET / 3 / Math.max(1, count)))))
}

/** A grid in which each item shows an image (where given) and its two views. */
export async function viewPairFigure(pairs: readonly ViewPair[], side: number): Promise<Markup> {
  const items = await Promise.all(
    pairs.map(async ({ first, second, original }, i) => {
      const image = original && (await imageElement(original, `Image ${i + 1}`, side, 'original'))
      const one = await imageElement(first, `Image ${i + 1}, first view`, side)
      const two = await imageElement(second, `Image ${i + 1}, second view`, side)
      return markup`<li>${image}${one}${two}</li>
`
    }),
  )
  return markup`<ul class="pairs">${items}</ul>`
}

/** A row per query: the query, then its neighbours with label and similarity; another class is marked with a cross. */
export async function neighbourFigure(
  neighbourhoods: readonly Neighbourhood[],
  side: number,
): Promise<Markup> {
  const rows = await Promise.all(
    neighbourhoods.map(async ({ query, label, nearest }, i) => {
      const name = label ?? `query ${i + 1}`
      const image = await imageElement(query, `Query: ${name}`, side)
      const neighbours = await Promise.all(
        nearest.map(async (neighbour, rank) => {
          const other = label !== undefined && neighbour.label !== undefined && neighbour.label !== label
          const alt = `Neighbour ${rank + 1}: ${neighbour.label ?? 'without label'}`
          const caption = markup`<span class="name" title="${neighbour.label ?? ''}">${other && '✕ '}${neighbour.label ?? ''}</span><span class="similarity">${neighbour.similarity.toFixed(2)}</span>`
          return markup`<li${other && markup` class="other"`}>${await imageElement(neighbour.picture, alt, side)}${caption}</li>`
        }),
      )
      return markup`<ol class="neighbours"><li class="query">${image}<span class="name" title="${name}">${name}</span><span class="similarity">query</span></li>${neighbours}</ol>
`
    }),
  )
  return markup`<div class="neighbourhoods">${rows}</div>`
}

async function imageElement(picture: Picture, alt: string, side: number, name?: string): Promise<Markup> {
  const small = Math.max(picture.width, picture.height) <= 64 && 'pixels'
  const classes = [name, small].filter(Boolean).join(' ')
  return markup`<img${classes !== '' && markup` class="${classes}"`} src="${await encodePicture(picture, side)}" width="${picture.width}" height="${picture.height}" alt="${alt}"/>`
}
