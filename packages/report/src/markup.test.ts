import { expect, it } from 'vitest'
import { markup, rawMarkup } from './markup.ts'

it('escapes text, in elements and attributes, and keeps markup', () => {
  const inner = markup`<b>${'<i>&"\''}</b>`
  expect(markup`<p title="${'a"b'}">${inner}${rawMarkup('<br/>')}</p>`.source).toBe(
    '<p title="a&quot;b"><b>&lt;i&gt;&amp;&quot;&#39;</b><br/></p>',
  )
})

it('joins lists and leaves nothing for undefined and false, but keeps 0', () => {
  expect(markup`${[1, ['<', markup`<hr/>`]]}${undefined}${false}${0}`.source).toBe('1&lt;<hr/>0')
})

it('replaces characters that no page may hold', () => {
  expect(markup`${'a\u0000b\ud800c😀\n'}`.source).toBe('a\ufffdb\ufffdc😀\n')
})
