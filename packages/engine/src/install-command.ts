/** How a reader gets the fast engine; printed wherever it is missing. */
export const INSTALL_COMMAND: string =
  'Get the fast engine with: simclr engine install libtorch (in a clone: pnpm simclr engine install libtorch).'
