export { type FileContent, removeUnfinished, writeFolder } from './write-folder.ts'
export { writeWholeFile } from './write-whole-file.ts'
