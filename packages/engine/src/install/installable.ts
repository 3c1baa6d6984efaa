/** What an installer brings, as far as the checks and errors that all installers share speak of it. */
export interface Installable {
  /** The engine's name, and that of its folder in {@link simclrHome}. */
  readonly engine: 'libtorch' | 'tensorflow' | 'tensorflow-gpu'
  /** Whose library it is: `PyTorch`. */
  readonly library: string
  /** Platforms as `process.platform-process.arch`; on Linux with glibc. */
  readonly platforms: readonly string[]
  /** What to do on another platform, or where the library does not work: a sentence. */
  readonly alternative: string
  /** Room for the download, the unpacked wheels, and the same once more where pip must copy. */
  readonly bytesWhileInstalling: number
  /** The flag that chooses a version: `--torch-version`. */
  readonly versionFlag: string
}
