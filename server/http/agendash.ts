/**
 * Agendash, the dashboard of the jobs. It admits staff with the permission for jobs only: by the session of the staff page,
 * or by HTTP Basic with a rate limit. It accepts changes only from our own pages. It bundles its assets, so it works offline.
 */
import { createExpressMiddleware } from 'agendash';
import { type RequestHandler, Router } from 'express';
import { withRecentJobs } from '../../jobs/agenda/recent-jobs.ts';
import { AppError } from '../../models/errors.ts';
import { authenticateStaff } from '../auth/staff-basic-auth.ts';
import { createStaffCookie } from '../auth/staff-cookie.ts';
import type { AppContext } from '../context/app-context.ts';

/** For mounting at /agendash. */
export function createAgendash(ctx: AppContext): RequestHandler {
  const router = Router();
  const cookie = createStaffCookie(ctx, '/agendash', 'jobs');
  router.post('/sign-in', sameOriginOnly, cookie.signIn);
  const byPassword = authenticateStaff(ctx, 'jobs');
  router.use(async (req, res, next) => {
    if (await cookie.admits(req)) next();
    // Awaited, because its refusals are rejections, which Express turns into replies.
    else await byPassword(req, res, next);
  });
  router.use(sameOriginOnly);
  router.use(createExpressMiddleware(withRecentJobs(ctx.jobs.agenda, ctx)));
  return router;
}

/** Browsers send a request's origin; a request that changes something must come from our own pages. */
const sameOriginOnly: RequestHandler = (req, _res, next) => {
  const safe = req.method === 'GET' || req.method === 'HEAD';
  const { origin, 'sec-fetch-site': site, host } = req.headers;
  const ours =
    site === 'same-origin' || (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host);
  if (safe || ours) next();
  else next(new AppError('FORBIDDEN', 'Requests that change jobs must come from this page itself.'));
};
