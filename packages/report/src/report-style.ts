/** Style of the page: one column, hairlines, tabular figures, nothing that moves. */
export const reportStyle: string = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-font-smoothing: antialiased; }
main { max-width: 1132px; margin: 0 auto; padding: 72px 24px 96px; }
h1, h2 { font-family: Charter, 'Bitstream Charter', 'Iowan Old Style', 'Sitka Text', Cambria, Georgia, serif;
  font-weight: 400; text-wrap: balance; }
h1 { font-size: clamp(30px, 5vw, 44px); line-height: 1.15; letter-spacing: -0.01em; margin: 6px 0 12px;
  overflow-wrap: anywhere; }
h2 { font-size: 25px; line-height: 1.25; margin: 0 0 20px; }
.overline, .facts, figcaption, .note, .detail { color: var(--muted); font-size: 14px; }
.overline { letter-spacing: 0.02em; margin: 0; }
.facts { margin: 0; }
section { margin-top: 64px; padding-top: 28px; border-top: 1px solid var(--hairline); }
figure { margin: 0; }
figcaption, .note { max-width: 68ch; margin: 20px 0 0; text-wrap: pretty; }
figcaption b { color: var(--ink); font-weight: 600; }
.warning { color: var(--warm); }
.scroll { overflow-x: auto; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.summary { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 28px 32px; margin: 48px 0 0; }
.summary dt { color: var(--muted); font-size: 14px; }
.summary dd { margin: 0; }
.summary .value { font-size: 30px; line-height: 1.25; letter-spacing: -0.02em; font-weight: 300; }
.summary .note { margin: 0; }

table { border-collapse: collapse; font-size: 15px; }
th { text-align: left; font-weight: inherit; }
.results { width: 100%; max-width: 860px; }
.results th, .results td { padding: 10px 0; border-bottom: 1px solid var(--hairline); vertical-align: top; }
.results tr:last-child > * { border-bottom: 0; }
.results th { width: 46%; padding-right: 24px; }
.results .detail { display: block; font-size: 13px; }
.results .figure { text-align: right; padding-right: 20px; font-weight: 600; width: 1%; white-space: nowrap; }
.results .bar { padding-top: 19px; }
.results .bar div { background: var(--grid); }
.results .bar span { display: block; height: 5px; min-width: 1px; background: var(--accent); }

.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 36px 32px; }
.plot { display: block; width: 100%; max-width: 440px; height: auto; touch-action: pan-y; overflow: visible; }

.pairs { list-style: none; margin: 0; padding: 0; display: grid; gap: 24px 32px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 236px), 1fr)); }
.pairs li { display: flex; gap: 3px; max-width: 340px; }
.pairs img { flex: 1 1 0; min-width: 0; }
.pairs .original { margin-right: 6px; }
img { display: block; width: 100%; height: auto; border-radius: 2px; background: var(--well); }
.pixels { image-rendering: pixelated; }

.neighbourhoods { display: grid; gap: 28px 48px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); }
.neighbours { list-style: none; margin: 0; padding: 0; display: flex; gap: 5px; }
.neighbours li { flex: 1 1 0; max-width: 84px; font-size: 11px; line-height: 1.35; color: var(--muted); min-width: 0; }
.neighbours .query { margin-right: 8px; color: var(--ink); }
.neighbours .name { display: block; margin-top: 5px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.neighbours .similarity { display: block; color: var(--muted); }
.neighbours .other .name { color: var(--warm); }

.map-frame { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 32px; align-items: center; }
.map { display: block; width: 100%; height: auto; background: var(--well); border-radius: 4px; }
.map path { fill: none; stroke-width: 5; stroke-linecap: round; opacity: 0.78; transition: opacity 0.15s; }
.map text { font-size: 14px; font-weight: 600; paint-order: stroke; stroke: var(--well); stroke-width: 4px;
  stroke-linejoin: round; pointer-events: none; transition: opacity 0.15s; }
.map .dimmed { opacity: 0.07; }
.legend { list-style: none; margin: 0; padding: 0; font-size: 14px; }
.legend button { font: inherit; color: inherit; background: none; border: 0; padding: 3px 8px; border-radius: 4px;
  cursor: pointer; text-align: left; }
.legend button:hover, .legend button[aria-pressed='true'] { background: var(--well); }
.legend .dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 8px; }
.legend .count { color: var(--muted); font-size: 12px; }

details { margin-top: 20px; }
summary { cursor: pointer; font-size: 15px; width: fit-content; }
summary:hover { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
details table { margin-top: 14px; font-size: 13px; }
.config th { color: var(--muted); padding: 3px 32px 3px 0; vertical-align: top; white-space: nowrap; }
.config td { padding: 3px 0; overflow-wrap: anywhere; }
.numbers th, .numbers td { text-align: right; padding: 4px 0 4px 22px; white-space: nowrap; }
.numbers th:first-child, .numbers td:first-child { padding-left: 0; }
.numbers th { color: var(--muted); border-bottom: 1px solid var(--hairline); }

@media screen and (max-width: 760px) {
  main { padding: 40px 18px 64px; }
  section { margin-top: 48px; padding-top: 24px; }
  .summary { grid-template-columns: 1fr 1fr; gap: 22px 20px; }
  .summary .value { font-size: 26px; }
  .results .bar { display: none; }
  .results .figure { padding-right: 0; }
  .results th { width: auto; }
  .pairs { grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 14px 18px; }
  .neighbours { flex-wrap: wrap; gap: 10px 6px; }
  .neighbours li { flex: 0 0 calc((100% - 18px) / 4); max-width: none; }
  .neighbours .query { margin-right: 0; }
  .map-frame { grid-template-columns: 1fr; gap: 14px; }
  .map path { stroke-width: 8; }
  .map text { font-size: 22px; stroke-width: 6px; }
  .legend { display: flex; flex-wrap: wrap; }
  .legend button { padding: 6px 8px; }
  .config th { white-space: normal; overflow-wrap: anywhere; padding-right: 16px; }
}
@media (prefers-reduced-motion: reduce) { .map * { transition: none; } }
@media print {
  @page { margin: 16mm; }
  :root { --paper: #fff; }
  main { padding: 0; max-width: none; }
  body { font-size: 11pt; }
  .map { max-width: 480px; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  section { break-inside: avoid; margin-top: 28px; }
  .curves { grid-template-columns: 1fr 1fr; }
  details:not([open]), section:has(> h2 + details:not([open])) { display: none; }
}
`
