import { expect, it } from 'vitest'
import { renderTransfer } from './render-transfer.ts'

const page = renderTransfer({
  title: 'Transfer of <ours>',
  facts: ['libtorch', '224 px'],
  table: {
    columns: [
      { title: 'DTD', metric: 'top-1 accuracy' },
      { title: 'Pets', metric: 'mean per-class accuracy' },
    ],
    groups: [
      {
        title: 'Linear evaluation',
        rows: [
          { weights: 'ours & theirs', paper: false, cells: [{ score: 0.6531, bold: true }, undefined] },
          { weights: 'SimCLR', paper: true, cells: [{ score: 0.745, bold: false }, undefined] },
        ],
        comparisons: [{ dataset: 'DTD', weights: ['a', 'b'], p: '< 0.0001' }],
      },
    ],
  },
})

it('has a row for each set of weights and a column for each dataset', () => {
  expect(page).toContain('<th scope="col">Pets<span class="detail">mean per-class accuracy</span></th>')
  expect(page).toContain('<th scope="row">ours &amp; theirs</th><td><b>65.3%</b></td><td>–</td>')
  expect(page).toContain(
    '<tr class="paper"><th scope="row"><i>the paper:</i> SimCLR</th><td>74.5%</td><td>–</td>',
  )
})

it('escapes text', () => {
  expect(page).toContain('<h1>Transfer of &lt;ours&gt;</h1>')
  expect(page).toContain('<td>a</td><td>b</td><td>&lt; 0.0001</td>')
})
