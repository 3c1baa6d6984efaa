/** How exported files name the program that wrote them. */
import manifest from '../../package.json' with { type: 'json' }

export const PRODUCER: { readonly name: string; readonly version: string } = {
  name: manifest.name,
  version: manifest.version,
}
