import type { Readable } from 'node:stream';
import sirv, { type RequestHandler } from 'sirv';

/** The files of a build, compressed there; none under a name that begins with a dot, and no page in place of a file. */
export function builtFiles(folder: string): RequestHandler {
  const serve = sirv(folder, {
    brotli: true,
    gzip: true,
    extensions: [],
    setHeaders(res, path) {
      // The build puts a hash of the content into the names of the files in assets/.
      const isHashed = /^\/assets\/.+-[\w-]{8,}\.\w+$/.test(path);
      res.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
    etag: true,
  });
  return (req, res, next) => {
    // sirv knows the files of the start, and its stream of one that is gone by now has an error that would end the process.
    res.once('pipe', (file: Readable) => file.once('error', () => res.destroy()));
    serve(req, res, next);
  };
}
