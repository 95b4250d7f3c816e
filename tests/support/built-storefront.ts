/** A storefront as its build leaves it, with a renderer that shows what it is given. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

export const INDEX = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="application-name" content="Of the build">
    <meta name="description" content="Of the build">
    <title>Of the build</title>
    <script>begin();</script>
    <link rel="stylesheet" crossorigin href="/assets/app.css">
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>
`;
/** Shows what it is given; the real one is in the end-to-end tests. */
const RENDERER = `export const render = (address, data) => {
  if (address === '/?q=broken') throw new Error('broken');
  return '<i>' + address.replaceAll('<', '') + ' ' + Object.keys(data).sort() + '</i>';
};`;

/** Makes a temporary folder with it. */
export async function buildStorefront(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storefront-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), INDEX);
  await writeFile(join(folder, 'assets', 'app-1a2b3c4d.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'app-1a2b3c4d.js.br'), brotliCompressSync('export {};'));
  await writeFile(join(folder, 'assets', 'removed-1a2b3c4d.js'), 'export {};');
  await mkdir(join(folder, '.server'));
  await writeFile(join(folder, '.server', 'server.js'), RENDERER);
  return folder;
}

/** The first data in a page. */
export function dataIn(html: string) {
  const text = /<script type="application\/json" id="first-data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
  return JSON.parse(text);
}

/** The contents of the page's tags by name or property, its title and its canonical address. */
export function headOf(html: string): Record<string, string> {
  const [head = ''] = html.split('</head>');
  const tags = [...head.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)">/g)];
  return {
    ...Object.fromEntries(tags.map(([, name, content]) => [name, content])),
    title: /<title>([^<]*)<\/title>/.exec(head)?.[1] ?? '',
    canonical: /<link rel="canonical" href="([^"]*)">/.exec(head)?.[1] ?? '',
  };
}
