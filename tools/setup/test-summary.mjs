/** A vitest reporter: the figures and names that `npm test` ends with, as JSON in the file $SIMCLR_TEST_SUMMARY. */
import { writeFileSync } from 'node:fs'

export default class TestSummary {
  onTestRunEnd(testModules, unhandledErrors) {
    const summary = { passed: 0, failures: [], skipped: [] }
    for (const testModule of testModules) {
      const file = `${testModule.relativeModuleId} [${testModule.project.name}]`
      if (testModule.errors().length > 0) summary.failures.push(`${file}: did not load`)
      for (const test of testModule.children.allTests()) {
        const { state, note } = test.result()
        const name = `${file}: ${test.fullName}`
        if (state === 'passed') summary.passed++
        else if (state === 'skipped') summary.skipped.push(`${name} (${note ?? 'no reason given'})`)
        else summary.failures.push(name)
      }
    }
    for (const error of unhandledErrors) summary.failures.push(`outside of any test: ${error.message}`)
    writeFileSync(process.env.SIMCLR_TEST_SUMMARY, JSON.stringify(summary))
  }
}
