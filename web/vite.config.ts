/// <reference types="vitest/config" />
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = dirname(fileURLToPath(import.meta.url));
const at = (path: string) => resolve(root, path);

// Each page is an entry of its own, so that a driver never loads a byte of the desk.
const pages = { driver: 'driver/index.html', desk: 'desk/index.html', audit: 'audit/index.html', admin: 'admin/index.html', verify: 'verify/index.html' };
const input = Object.fromEntries(
  Object.entries(pages).filter(([, file]) => existsSync(at(file))).map(([name, file]) => [name, at(file)]));

export default defineConfig({
  root,
  base: '/',
  // Deep links (/p/TOKEN, /desk) are resolved by the service; the preview server must not guess.
  appType: 'mpa',
  resolve: { alias: { '@shared': at('shared'), '@web': root } },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none', charset: 'utf8' },
  build: {
    outDir: process.env.KC_WEB_OUT ?? at('dist'),
    emptyOutDir: true,
    target: ['es2020', 'chrome80', 'firefox78', 'safari14'],
    // The content security policy allows no data: script or style, and no inline helper.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input, output: { assetFileNames: 'assets/[name]-[hash][extname]' } },
  },
  test: {
    globals: true,
    dir: at('../tests/web'),
    include: ['**/*.test.ts'],
    environment: 'node',
    setupFiles: [at('../tests/web/setup.ts')],
    server: { deps: { inline: [/tests\/web/] } },
  },
  server: { host: '127.0.0.1', fs: { allow: [at('..')] } },
});
