/** Whether `repository:tag` or `repository@digest` is of this repository, with Docker's own short forms. */
export function hasRepository(name: string, repository: string): boolean {
  return longForm(withoutTag(name)) === longForm(repository);
}

function withoutTag(name: string): string {
  const [beforeDigest = ''] = name.split('@');
  const colon = beforeDigest.lastIndexOf(':');
  // A colon before a slash belongs to the registry's port.
  return colon > beforeDigest.lastIndexOf('/') ? beforeDigest.slice(0, colon) : beforeDigest;
}

/** `web` is `docker.io/library/web`, `team/web` is `docker.io/team/web`. */
function longForm(repository: string): string {
  const [first = '', ...rest] = repository.split('/');
  if (rest.length === 0) {
    return `docker.io/library/${first}`;
  }
  const isRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  return isRegistry ? repository : `docker.io/${repository}`;
}

/** `docker.io` where the name says none. */
export function registryOf(repository: string): string {
  return longForm(withoutTag(repository)).split('/')[0] ?? '';
}
