/** Podman learned to change a restart policy afterwards with this version. */
const policyChangesFrom = [5, 1] as const;

/** Whether a container that exists keeps its restart policy, whatever is asked. */
export function keepsPolicies(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [fromMajor, fromMinor] = policyChangesFrom;
  return major < fromMajor || (major === fromMajor && minor < fromMinor);
}

/** What Podman's compatible socket does otherwise than Docker, as far as a rollback meets it. */
export function podmanLacks(version: string): readonly string[] {
  return [
    'Podman starts no container again by itself after a reboot unless its own service does.',
    'Podman calls local images localhost/NAME: write the repository of targets like that.',
    ...(keepsPolicies(version)
      ? [`Podman ${version} cannot change a restart policy: the kept container keeps its own.`]
      : []),
  ];
}
