import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const checkout = fileURLToPath(new URL('../..', import.meta.url));

export default defineConfig({
  root,
  plugins: [react()],
  cacheDir: `${checkout}/node_modules/.vite-harness`,
  server: { host: '127.0.0.1', port: 5299, strictPort: true, fs: { allow: [checkout] } },
});
