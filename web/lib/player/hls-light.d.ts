/** hls.js without subtitles and DRM: a third smaller. The package ships no types for this entry. */
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
