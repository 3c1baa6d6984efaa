import { defineConfig, type Options } from 'tsup'

/** The one build recipe: readable ES modules with declarations, every import of another package left external. */
export function packageBuild(entry: string[] = ['src/index.ts']): ReturnType<typeof defineConfig> {
  const options: Options = {
    entry,
    format: 'esm',
    target: 'node20',
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    clean: true,
    treeshake: true,
  }
  return defineConfig(options)
}
