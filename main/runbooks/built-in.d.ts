/** A built-in runbook, read from its YAML by the build. */
declare module '*.yaml' {
  const content: unknown;
  export default content;
}
