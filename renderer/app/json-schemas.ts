import { z } from 'zod';

// Before any schema is built: zod would otherwise compile its parsers with `new Function`, which the page's
// Content-Security-Policy forbids. Home needs no schema, and does not wait for the library.
z.config({ jitless: true });
