import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** As `docker context create` writes it below a home folder. */
export function writeDockerContext(
  home: string,
  name: string,
  endpoint: Record<string, unknown>,
): void {
  const id = createHash('sha256').update(name).digest('hex');
  const folder = path.join(home, '.docker', 'contexts', 'meta', id);
  mkdirSync(folder, { recursive: true });
  const meta = { Name: name, Metadata: {}, Endpoints: { docker: endpoint } };
  writeFileSync(path.join(folder, 'meta.json'), JSON.stringify(meta));
}
