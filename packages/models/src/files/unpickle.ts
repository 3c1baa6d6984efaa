/**
 * Reads pickles (docs.python.org/3/library/pickletools.html) as data: dictionaries, lists, tuples, strings, numbers, and
 * whatever `findGlobal` allows. Nothing else is called, so nothing of the file runs.
 */
import { ByteCursor } from './byte-cursor.ts'
import { refuseFile } from './refuse-file.ts'

/** What a pickle may call by name; without `call` it can only be passed on. */
export class PickleGlobal {
  constructor(
    readonly name: string,
    readonly call?: (args: readonly unknown[]) => unknown,
  ) {}
}

export interface UnpickleOptions {
  /** @throws where the pickle must not have it. */
  readonly findGlobal: (module: string, name: string) => PickleGlobal
  /** Turns a persistent id into what it stands for. */
  readonly persistentLoad: (id: unknown) => unknown
}

const MARK = Symbol('mark')
/** Far more than the tensors, keys and sizes of any model; bounds stack, memo and what they hold. */
const MOST_VALUES = 2 ** 20
const STOP = 0x2e

/**
 * @param file Names the pickle in errors.
 * @returns Dictionaries as Map, lists and tuples as arrays, None as null, integers as numbers.
 * @throws SimclrError if the pickle is damaged, asks for more than data, or has more than a million values.
 */
export function unpickle(file: string, bytes: Uint8Array, options: UnpickleOptions): unknown {
  const machine = new PickleMachine(new ByteCursor(file, bytes), options)
  for (;;) {
    const opcode = machine.cursor.u8()
    if (opcode === STOP) return machine.pop()
    const run = OPCODES.get(opcode)
    if (run === undefined) {
      const shown = `opcode 0x${opcode.toString(16)} at byte ${machine.cursor.position - 1}`
      refuseFile(file, 'a pickle of plain data', shown)
    }
    run(machine)
  }
}

class PickleMachine {
  private readonly stack: unknown[] = []
  private readonly memo = new Map<number, unknown>()
  private values = 0

  constructor(
    readonly cursor: ByteCursor,
    readonly options: UnpickleOptions,
  ) {}

  push(value: unknown): void {
    this.count()
    this.stack.push(value)
  }

  pop(): unknown {
    const value = this.top()
    this.stack.pop()
    return value
  }

  /** What was pushed since the last mark. */
  popMarked(): unknown[] {
    const at = this.stack.lastIndexOf(MARK)
    if (at < 0) this.refuse('a mark', 'none')
    const values = this.stack.splice(at)
    values.shift()
    return values
  }

  memoize(index = this.memo.size): void {
    this.count()
    this.memo.set(index, this.top())
  }

  recall(index: number): void {
    if (!this.memo.has(index)) this.refuse('an object of the memo', `number ${index}`)
    this.push(this.memo.get(index))
  }

  setItems(pairs: readonly unknown[]): void {
    const target = this.top()
    if (!(target instanceof Map) || pairs.length % 2 === 1)
      this.refuse('a dictionary for items', typeof target)
    for (let i = 0; i < pairs.length; i += 2) target.set(pairs[i], pairs[i + 1])
  }

  append(values: readonly unknown[]): void {
    const target = this.top()
    if (!Array.isArray(target)) this.refuse('a list to append to', typeof target)
    for (const value of values) target.push(value)
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      this.refuse('the name of a global', 'no string')
    this.push(this.options.findGlobal(module, name))
  }

  reduce(): void {
    const args = this.pop()
    const callee = this.pop()
    const isCall = callee instanceof PickleGlobal && callee.call !== undefined && Array.isArray(args)
    if (!isCall) this.refuse('a function that may be called', typeof callee)
    this.push(callee.call!(args))
  }

  /** Attributes of a dictionary, e.g. PyTorch's `_metadata`, are left out. */
  build(): void {
    this.pop()
    if (!(this.top() instanceof Map)) this.refuse('attributes of a dictionary', typeof this.top())
  }

  private count(): void {
    if (++this.values > MOST_VALUES) this.refuse(`at most ${MOST_VALUES} values`, 'more')
  }

  private top(): unknown {
    const value = this.stack.at(-1)
    if (this.stack.length === 0 || value === MARK) this.refuse('an object on the stack', 'none')
    return value
  }

  private refuse(expected: string, received: string): never {
    refuseFile(this.cursor.file, `a pickle with ${expected} at byte ${this.cursor.position}`, received)
  }

  /** A signed integer of so many bytes, little endian; beyond 2^53 rounded. */
  long(length: number): number {
    const bytes = this.cursor.take(length)
    if (length > 8) this.refuse('integers of at most 8 bytes', `${length}`)
    const value = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
    return Number(BigInt.asIntN(8 * length, value))
  }
}

const OPCODES: ReadonlyMap<number, (machine: PickleMachine) => void> = new Map(
  Object.entries<(machine: PickleMachine) => void>({
    '\x80': ({ cursor }) => void cursor.u8(),
    '\x95': ({ cursor }) => void cursor.take(8),
    '(': (machine) => machine.push(MARK),
    '}': (machine) => machine.push(new Map()),
    ']': (machine) => machine.push([]),
    ')': (machine) => machine.push([]),
    N: (machine) => machine.push(null),
    '\x88': (machine) => machine.push(true),
    '\x89': (machine) => machine.push(false),
    J: (machine) => machine.push(machine.cursor.i32()),
    K: (machine) => machine.push(machine.cursor.u8()),
    M: (machine) => machine.push(machine.cursor.u16()),
    G: (machine) => machine.push(machine.cursor.f64()),
    '\x8a': (machine) => machine.push(machine.long(machine.cursor.u8())),
    X: (machine) => machine.push(machine.cursor.text(machine.cursor.u32())),
    '\x8c': (machine) => machine.push(machine.cursor.text(machine.cursor.u8())),
    B: (machine) => machine.push(machine.cursor.take(machine.cursor.u32())),
    C: (machine) => machine.push(machine.cursor.take(machine.cursor.u8())),
    t: (machine) => machine.push(machine.popMarked()),
    '\x85': (machine) => machine.push([machine.pop()]),
    '\x86': (machine) => machine.push([machine.pop(), machine.pop()].reverse()),
    '\x87': (machine) => machine.push([machine.pop(), machine.pop(), machine.pop()].reverse()),
    a: (machine) => machine.append([machine.pop()]),
    e: (machine) => machine.append(machine.popMarked()),
    s: (machine) => machine.setItems([machine.pop(), machine.pop()].reverse()),
    u: (machine) => machine.setItems(machine.popMarked()),
    q: (machine) => machine.memoize(machine.cursor.u8()),
    r: (machine) => machine.memoize(machine.cursor.u32()),
    '\x94': (machine) => machine.memoize(),
    h: (machine) => machine.recall(machine.cursor.u8()),
    j: (machine) => machine.recall(machine.cursor.u32()),
    c: (machine) => machine.global(machine.cursor.line(), machine.cursor.line()),
    '\x93': (machine) => {
      const name = machine.pop()
      machine.global(machine.pop(), name)
    },
    Q: (machine) => machine.push(machine.options.persistentLoad(machine.pop())),
    R: (machine) => machine.reduce(),
    b: (machine) => machine.build(),
  }).map(([letter, run]) => [letter.charCodeAt(0), run]),
)
