/**
 * Builds the storefront into dist/, which the server serves at /, and the server's renderer into a hidden folder of it. The
 * server's content security policy allows only files of the same origin, so nothing is inlined and nothing comes from another
 * host.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// A test's NODE_ENV would build pages that call React's development code, which the server does not have.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

/** The server that `vite`, the development server, proxies API requests to. */
const SHOP = 'http://127.0.0.1:3000';
const DIST = fileURLToPath(new URL('./dist', import.meta.url));

export default defineConfig({
  plugins: [react(), compressed()],
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    // The source, so that the storefront builds without building the package first.
    alias: { '@orders-module/client': fileURLToPath(new URL('../src/index.ts', import.meta.url)) },
  },
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
  environments: {
    client: {
      build: {
        rolldownOptions: {
          // The code of the first page is one file, because Brotli packs several files worse.
          output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
        },
      },
    },
    // One file that needs no package, because the image of production holds none of the storefront's. Static servers hide
    // a folder whose name begins with a dot.
    ssr: {
      resolve: { noExternal: true },
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        ssr: 'src/server.tsx',
        outDir: 'dist/.server',
        emptyOutDir: true,
        copyPublicDir: false,
        rolldownOptions: { output: { codeSplitting: false } },
      },
    },
  },
  builder: {
    async buildApp({ build, environments: { client, ssr } }) {
      if (!client || !ssr) throw new Error('there is nothing to build');
      await build(client);
      // The last: dev/start/storefront-build takes its file for the end of the build.
      await build(ssr);
    },
  },
  server: { proxy: { '/trpc': SHOP, '/orders/verify-payment': SHOP } },
});

const TEXTS = /\.(js|css|svg|ico|txt|webmanifest)$/;
/** Below this, a compressed file saves no packet. */
const LEAST_BYTES = 1_000;

/** Writes files of the browser's build compressed beside themselves: the best Brotli takes too long per request. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    applyToEnvironment: ({ name }) => name === 'client',
    async closeBundle() {
      const files = await readdir(DIST, { recursive: true });
      await Promise.all(files.filter((name) => TEXTS.test(name)).map((name) => compress(join(DIST, name))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length < LEAST_BYTES) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params }));
  await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }));
}
