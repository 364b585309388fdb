/** A file bundled as text, the way the built-in runbooks are. */
declare module '*.yaml?raw' {
  const text: string;
  export default text;
}
