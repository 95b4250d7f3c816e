import type { RequestHandler } from 'express';
import type { AppContext } from '../context/app-context.ts';

/** Headers in which proxies name the client. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

const HINT =
  'A request came through a proxy, and TRUST_PROXY is 0: all visitors behind that proxy count as one address and share its limits. ' +
  'Set TRUST_PROXY to the number of proxies in front of this process, 1 for a single one. ' +
  'Without a proxy, somebody has made the header up, and nothing is wrong.';

/** Reports once, in the log and in /readyz, that requests come through a proxy that the configuration does not know. */
export function noticeUnknownProxy({
  config,
  log,
  warnings,
}: Pick<AppContext, 'config' | 'log' | 'warnings'>): RequestHandler {
  return (req, _res, next) => {
    if (!warnings.has(HINT) && config.trustProxy === false) {
      const header = FORWARDED.find((name) => req.headers[name] !== undefined);
      if (header !== undefined) {
        warnings.add(HINT);
        log.warn({ event: 'unknown_proxy', header }, HINT);
      }
    }
    next();
  };
}
