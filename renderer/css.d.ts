/** CSS Modules as esbuild's local-css gives them: class name in the file -> class name in the page. */
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
declare module '*.css';
