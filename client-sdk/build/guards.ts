/**
 * Checks the published files and fails the build by throwing. An import of anything but tRPC would load the server, or
 * another package, into every shop's page.
 */

/** The only packages that the published files may import. */
export const TRPC = /^@trpc\/(client|server)(\/|$)/;

/** Bundlers leave out what a page does not use: a shop has neither the words nor the files of the desk. */
const MAX_CODE_BYTES = 16_000;

export function checkCode(code: string): void {
  const bytes = Buffer.byteLength(code);
  if (bytes > MAX_CODE_BYTES) throw new Error(`index.js has ${bytes} bytes; ${MAX_CODE_BYTES} are the most`);
  if (/from\s*["']@trpc\/server["']/.test(code)) throw new Error('index.js imports the whole of @trpc/server');
  checkImports('index.js', code);
}

export function checkTypes(types: string): void {
  checkImports('index.d.ts', types);
  // An `any` here would switch off type checks in every program that uses the package.
  const open = types.split('\n').find((line) => /\bany\b/.test(withoutComments(line)));
  if (open !== undefined) throw new Error(`index.d.ts leaves a type open: ${open.trim()}`);
}

function checkImports(file: string, text: string): void {
  const specifiers = [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["']([^"']+)["']/g)];
  const foreign = specifiers.map(([, specifier = '']) => specifier).filter((specifier) => !TRPC.test(specifier));
  if (foreign.length > 0) throw new Error(`${file} imports ${foreign.join(', ')}`);
  const leak = /sourceMappingURL|file:\/\/|node_modules|<reference|["'`/]\/(?:home|root|tmp|Users)\//.exec(text);
  if (leak) throw new Error(`${file} holds ${leak[0]}`);
}

function withoutComments(line: string): string {
  return line.replace(/^\s*(\/\*\*|\*).*/, '').replace(/\/\/.*/, '');
}
