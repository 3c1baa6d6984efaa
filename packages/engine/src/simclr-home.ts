/** Where the packages keep what they download: one folder per user, never inside a project. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The folder for downloaded engines and caches.
 *
 * @returns `$SIMCLR_HOME`, else `simclr` in the user's cache folder: `$XDG_CACHE_HOME` or `~/.cache` on
 * Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows. The folder need not exist yet.
 */
export function simclrHome(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.SIMCLR_HOME || join(userCacheFolder(environment), 'simclr')
}

function userCacheFolder(environment: NodeJS.ProcessEnv): string {
  switch (process.platform) {
    case 'win32':
      return environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
    case 'darwin':
      return join(homedir(), 'Library', 'Caches')
    default:
      return environment.XDG_CACHE_HOME || join(homedir(), '.cache')
  }
}
