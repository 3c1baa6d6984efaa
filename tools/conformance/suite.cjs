/**
 * TensorFlow.js's own test suite as one module, to be bundled: its modules import one another in a way that Node
 * does not resolve. The bundle has its own copy of tfjs-core; both copies share the engine and the kernel registry,
 * which live on globalThis, so a backend that the other copy registered can be tested.
 */
const jasmineRequire = require('jasmine-core/lib/jasmine-core/jasmine.js')

const jasmine = jasmineRequire.core(jasmineRequire)
const environment = jasmine.getEnv()
Object.assign(globalThis, jasmineRequire.interface(jasmine, environment))

/** Runs the specs whose full name contains `filter` and hands each result to `onSpec`. */
exports.runSuite = async (backendName, filter, onSpec) => {
  const { setTestEnvs } = require('@tensorflow/tfjs-core/dist/jasmine_util')
  setTestEnvs([{ name: backendName, backendName, isDataSync: backendName !== 'webgpu' }])
  require('@tensorflow/tfjs-core/dist/tests')
  environment.configure({ random: false, specFilter: (spec) => spec.getFullName().includes(filter) })
  environment.addReporter({ specDone: onSpec })
  await environment.execute()
}
