/** Colours and strokes of every chart, for the page and for pictures that stand alone. */

const LIGHT = `
  --paper: #fdfcfa; --ink: #1f2226; --muted: #63676e; --hairline: #e5e2dc; --grid: #eeebe6;
  --accent: #2b5c8a; --accent-faint: #b9cbdc; --warm: #a8481f; --well: #f5f3ee;`

const DARK = `
  --paper: #16181b; --ink: #e7e4de; --muted: #9b9fa6; --hairline: #303338; --grid: #25282c;
  --accent: #8fb8de; --accent-faint: #3d5268; --warm: #e39a72; --well: #1e2125;`

/** Colour variables on `:root`, light by default and in print, dark where the reader's system is. */
export const colourStyle: string = `
:root { color-scheme: light dark;${LIGHT}
}
@media screen and (prefers-color-scheme: dark) { :root {${DARK}
} }`

/** Style of the marks that the charts draw. */
export const chartStyle: string = `
.plot, .map { font-family: system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
.plot text, .map text { fill: var(--ink); }
.plot .plot-title { font-size: 13px; font-weight: 600; }
.plot .plot-value { font-size: 13px; fill: var(--accent); font-weight: 600; }
.plot .plot-tick { font-size: 11px; fill: var(--muted); }
.plot path { fill: none; }
.plot-grid { stroke: var(--grid); }
.plot-axis { stroke: var(--hairline); }
.plot-raw { stroke: var(--accent-faint); stroke-width: 0.8; stroke-linejoin: round; stroke-linecap: round; }
.plot-line { stroke: var(--accent); stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round; }
.plot-markers { stroke: var(--accent); stroke-width: 5; stroke-linecap: round; }
.plot-reference { stroke: var(--muted); stroke-dasharray: 2 4; }
.plot-end { fill: var(--accent); stroke: var(--paper); stroke-width: 1.5; }
.plot-cursor path { stroke: var(--muted); }
.plot-cursor circle { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }`
