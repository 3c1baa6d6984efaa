/** The metrics of the transfer protocol (paper, appendix B.8). */
export type Metric = 'top-1 accuracy' | 'mean per-class accuracy' | '11-point mAP'
