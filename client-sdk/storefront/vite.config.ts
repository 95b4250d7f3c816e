/**
 * Builds the storefront into dist/, which the server serves at /, and the server's renderer into a hidden folder of it. The
 * server's content security policy allows only files of the same origin, so nothing is inlined and nothing comes from another
 * host.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from '../build/compressed.ts';

// A test's NODE_ENV would build pages that call React's development code, which the server does not have.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

/** The server that `vite`, the development server, proxies API requests to. */
const SHOP = 'http://127.0.0.1:3000';
const DIST = fileURLToPath(new URL('./dist', import.meta.url));

export default defineConfig({
  plugins: [react(), compressed(DIST)],
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
