/** A version as pip wants it after a package's name: `2.11.0` → `==2.11.0`; a range stays. */
export function versionSpecifier(version: string): string {
  return /^\d/.test(version) ? `==${version}` : version
}
