export { type AxisTicks, axisTicks } from './axis-ticks.ts'
export { type BarChartOptions, type BarSeries, barChart } from './bar-chart.ts'
export { downsample, type Point } from './downsample.ts'
export { type HeatMapOptions, heatMap } from './heat-map.ts'
export { type LinePlotOptions, linePlot } from './line-plot.ts'
export { Markup } from './markup.ts'
export { type Metrics, parseMetrics } from './parse-metrics.ts'
export { type Projection, type ProjectionOptions, projectTwoDimensions } from './project-two-dimensions.ts'
export { renderCurves } from './render-curves.ts'
export { renderReport } from './render-report.ts'
export { renderTransfer, type TransferPage, type TransferPageGroup } from './render-transfer.ts'
export type {
  EmbeddingMap,
  EngineFacts,
  Evaluation,
  MapMethod,
  Neighbourhood,
  Picture,
  ReportData,
  Result,
  StepMetrics,
  SummaryItem,
  ViewPair,
} from './report-data.ts'
export { scatterMap } from './scatter-map.ts'
export {
  type ScatterPlotOptions,
  type ScatterPoint,
  type ScatterSeries,
  scatterPlot,
} from './scatter-plot.ts'
export { type TSneOptions, tSne } from './t-sne.ts'
export { type CurveData, trainingCurves } from './training-curves.ts'
export { writeReport } from './write-report.ts'
