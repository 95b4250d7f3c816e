/** The plain Express routes beside tRPC: what Paystack calls, what clients without tRPC call, and what operators call. */
import { Router } from 'express';
import type { AppContext } from '../context.ts';
import type { ContextOf } from '../request-context.ts';

/** What REST routes may use besides the context. */
export interface RestTools {
  /** The request's context, for `createCaller` of server/router. */
  contextOf: ContextOf;
}

export function restRoutes(_ctx: AppContext, _tools: RestTools): Router {
  return Router();
}
