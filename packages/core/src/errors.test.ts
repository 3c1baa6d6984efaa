import { describe, expect, it } from 'vitest'
import { SimclrError } from './errors.ts'

describe('SimclrError', () => {
  const error = new SimclrError({
    parameter: 'ntXent: temperature',
    expected: 'a positive number',
    received: '0',
    remedy: 'The paper uses 0.1.',
  })

  it('says what must hold, what came and what to do', () => {
    expect(error.message).toBe('ntXent: temperature: must be a positive number, got 0. The paper uses 0.1.')
    expect(error).toMatchObject({ parameter: 'ntXent: temperature', received: '0', name: 'SimclrError' })
  })

  it('is recognised across copies of the package, other errors are not', () => {
    const copy = Object.assign(new Error('x'), { isSimclrError: true })
    expect([error, copy, new Error('x'), null, 'x'].map((value) => SimclrError.isInstance(value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})
