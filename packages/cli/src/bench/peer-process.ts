/** A process that works only when it is told to, so that measurements can take turns. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { basename } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { SimclrError } from '@simclr/core'

/** Speaks the protocol of the scripts in `peers/`: one line in, one line out. */
export class PeerProcess {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  readonly #reader: Interface
  readonly #program: string
  #errors = ''

  /**
   * @param command Its interpreter.
   * @param args Its program and that one's arguments.
   * @param env Variables beside those of this process.
   */
  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#program = basename(args.find((arg) => /\.(js|py)$/.test(arg)) ?? command)
    this.#child = spawn(command, args, { env: { ...process.env, ...env } })
    this.#child.stderr.on('data', (chunk) => {
      this.#errors += chunk
    })
    this.#child.on('error', (error) => {
      this.#errors += error.message
    })
    this.#child.stdin.on('error', () => {})
    this.#reader = createInterface(this.#child.stdout)
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }

  /** The next line that the peer prints. @throws SimclrError with the peer's own words if it has ended. */
  async read(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done !== true) return value
    throw new SimclrError({
      parameter: `bench: ${this.#program}`,
      expected: 'running',
      received: this.#reason() || 'an end without a message',
      ...(this.#program.endsWith('.py') && { remedy: 'Install the Python peers with: simclr bench setup' }),
    })
  }

  /** Sends a line and waits for the answer. */
  async ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`)
    return this.read()
  }

  /** The line of its complaints that names an error, else the last one. */
  #reason(): string {
    const lines = this.#errors.trim().split('\n')
    return (lines.find((line) => /Error/.test(line)) ?? lines.at(-1)!).trim()
  }

  close(): void {
    this.#reader.close()
    this.#child.kill()
  }
}
