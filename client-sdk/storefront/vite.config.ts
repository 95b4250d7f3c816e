/**
 * Builds the storefront into dist/, which the server serves at /. Everything is a file of our own, because the server's
 * content security policy lets nothing else through: no inline scripts or styles, no other host.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a shop listens while the storefront is worked on with `vite`. */
const SHOP = 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    // From source, so that the storefront builds without building the package first.
    alias: { '@orders-module/client': fileURLToPath(new URL('../src/index.ts', import.meta.url)) },
  },
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
  server: { proxy: { '/trpc': SHOP, '/orders/verify-payment': SHOP } },
});
