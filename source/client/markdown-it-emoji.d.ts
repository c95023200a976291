declare module 'markdown-it-emoji/lib/data/full.mjs' {
  /** Signs by their names. */
  const signs: Readonly<Record<string, string>>;
  export default signs;
}
