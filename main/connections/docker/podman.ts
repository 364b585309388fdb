/** Podman learned to change a restart policy afterwards with this version. */
const policyChangesFrom = [5, 1] as const;

/** What Podman's compatible socket does otherwise than Docker, as far as a rollback meets it. */
export function podmanLacks(version: string): readonly string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [fromMajor, fromMinor] = policyChangesFrom;
  const canChange = major > fromMajor || (major === fromMajor && minor >= fromMinor);
  return [
    'Podman starts no container again by itself after a reboot unless its own service does.',
    ...(canChange
      ? []
      : [`Podman ${version} cannot change a restart policy: the kept container keeps its own.`]),
  ];
}
