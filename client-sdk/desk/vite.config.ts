/**
 * Builds the desk into dist/, which the server serves at /desk. The server's content security policy allows files of the same
 * origin, and the one script in the HTML by its hash. So nothing else is inlined, and nothing comes from another host.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from '../build/compressed.ts';
import { inlinedScript } from '../build/inlined-script.ts';

// A test's NODE_ENV would build pages that hold React's development code.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production';

/** The server that `vite`, the development server, proxies API requests to. */
const SHOP = 'http://127.0.0.1:3000';

export default defineConfig({
  base: '/desk/',
  plugins: [
    react(),
    inlinedScript(fileURLToPath(new URL('./src/first/first-figures.ts', import.meta.url))),
    compressed(fileURLToPath(new URL('./dist', import.meta.url))),
  ],
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    // The source, so that the desk builds without building the package first.
    alias: { '@orders-module/client': fileURLToPath(new URL('../src/index.ts', import.meta.url)) },
  },
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        // One file for all that the first page needs: browsers load six at once, and each takes a trip.
        codeSplitting: { groups: [{ name: 'desk', tags: ['$initial'] }] },
      },
    },
  },
  server: { proxy: { '/trpc': SHOP, '/admin': SHOP, '/pictures': SHOP } },
});
