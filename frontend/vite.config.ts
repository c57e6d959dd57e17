import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/',
  build: {
    outDir: '../softphone/static',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy forbids inline code and data: URLs for media, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1100,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:8000' },
  },
  test: {
    environment: 'node',
    pool: 'threads',
    maxWorkers: 1,
    fileParallelism: false,
    isolate: false,
    // Nothing here waits for a clock; the limit only ends what would never end, on however slow a machine.
    testTimeout: 600_000,
    setupFiles: ['tests/browser.ts'],
    include: ['tests/**/*.test.{ts,tsx}'],
  },
});
