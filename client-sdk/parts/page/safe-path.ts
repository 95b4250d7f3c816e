/** Prevents open redirects: `path` if it is a path of this host, else the home page. */
export function safePath(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : '/';
}
