/**
 * What the published files may never hold. They throw, and so fail the build: an import of anything but tRPC would
 * drag the server, or a package, into every shop's page.
 */

/** What the published files import, and nothing else: tRPC's packages. */
export const TRPC = /^@trpc\/(client|server)(\/|$)/;

const MAX_CODE_BYTES = 10_000;

export function checkCode(code: string): void {
  const bytes = Buffer.byteLength(code);
  if (bytes > MAX_CODE_BYTES) throw new Error(`index.js has ${bytes} bytes; ${MAX_CODE_BYTES} are the most`);
  if (/from\s*["']@trpc\/server["']/.test(code)) throw new Error('index.js imports the whole of @trpc/server');
  checkImports('index.js', code);
}

export function checkTypes(types: string): void {
  checkImports('index.d.ts', types);
  // What is open in the types is open in every program that uses them.
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
