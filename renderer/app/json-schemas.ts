import { z } from 'zod';

// Before any schema is built: zod would otherwise compile its parsers with `new Function`, which the page's
// Content-Security-Policy forbids.
z.config({ jitless: true });
