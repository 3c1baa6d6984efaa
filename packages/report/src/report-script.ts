/**
 * The report's only script: a crosshair that reads all curves at one x, and a legend that singles out a class.
 * The page is complete without it.
 */
export const reportScript: string = `
for (const group of document.querySelectorAll('.curves')) {
  const plots = [...group.querySelectorAll('[data-plot]')].map((svg) => {
    const label = svg.querySelector('.plot-value')
    return { svg, label, resting: label.textContent, cursor: svg.querySelector('.plot-cursor'), ...JSON.parse(svg.dataset.plot) }
  })
  const span = ([low, high]) => high - low || 1
  const number = (value) => Math.abs(value) < 1e-3 && value ? value.toExponential(1) : (Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))).toLocaleString('en-US')
  const show = (plot, at) => {
    const { frame, x, y, points } = plot
    const nearest = points.reduce((best, point) => Math.abs(point[0] - at) < Math.abs(best[0] - at) ? point : best)
    const px = frame.left + (nearest[0] - x[0]) / span(x) * frame.width
    const py = frame.top + frame.height - (nearest[1] - y[0]) / span(y) * frame.height
    plot.cursor.setAttribute('visibility', 'visible')
    plot.cursor.setAttribute('transform', 'translate(' + px + ' 0)')
    plot.cursor.lastChild.setAttribute('cy', py)
    const value = plot.percent ? (nearest[1] * 100).toFixed(1) + '%' : number(nearest[1])
    plot.label.textContent = plot.xLabel + ' ' + number(nearest[0]) + ' · ' + value
  }
  group.addEventListener('pointermove', (event) => {
    const plot = plots.find(({ svg }) => svg.contains(event.target))
    if (!plot) return
    const box = plot.svg.getBoundingClientRect()
    const px = (event.clientX - box.left) / box.width * plot.svg.viewBox.baseVal.width
    const at = plot.x[0] + (px - plot.frame.left) / plot.frame.width * span(plot.x)
    for (const each of plots) show(each, at)
  })
  group.addEventListener('pointerleave', () => {
    for (const { cursor, label, resting } of plots) {
      cursor.setAttribute('visibility', 'hidden')
      label.textContent = resting
    }
  })
}
for (const frame of document.querySelectorAll('.map-frame')) {
  frame.addEventListener('click', (event) => {
    const button = event.target.closest('button')
    if (!button) return
    const chosen = button.getAttribute('aria-pressed') === 'true' ? undefined : button.dataset.class
    for (const each of frame.querySelectorAll('button')) each.setAttribute('aria-pressed', String(each.dataset.class === chosen))
    for (const mark of frame.querySelectorAll('svg [data-class]')) {
      mark.classList.toggle('dimmed', chosen !== undefined && mark.dataset.class !== chosen)
    }
  })
}
`
