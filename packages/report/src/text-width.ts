/** How much room a text takes, for layouts made where there is no browser to measure it. */

/** Average advance of a letter in the sans-serif fonts of the charts, as a share of the font size; rounded up. */
const ADVANCE = 0.6

/** @returns about the width in pixels of a text of this font size, rather too much than too little. */
export function textWidth(text: string, fontSize: number): number {
  return [...text].length * fontSize * ADVANCE
}
