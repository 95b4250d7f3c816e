/**
 * HTTP Basic against staff accounts, for pages that a browser opens by itself (Agendash). Answers alike, in words and in
 * time, for unknown emails, wrong passwords and customers; failures are limited like those of the sign-in.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import { AppError, isAppError } from '../models/errors.ts';
import { findUserByEmail } from '../models/user.ts';
import type { AppContext } from './context.ts';
import { passwordFits } from './passwords.ts';
import { createLimits } from './rate-limit.ts';

/** Credentials longer than this are nobody's. */
const MAX_LENGTH = 1_000;
/** A page makes dozens of requests, and argon2 costs 20 ms each: a password that fitted is remembered this long. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 100;

/** Lets staff pass; asks everybody else for credentials. */
export function authenticateStaff(ctx: AppContext): RequestHandler {
  const { signIns } = createLimits(ctx);
  const remembered = new Map<string, number>();
  const isStaff = async (email: string, password: string, ip: string): Promise<boolean> => {
    const user = await findUserByEmail(ctx.db, email);
    const key = `${user?.passwordHash}\n${password}`;
    if (user?.role === 'staff' && (remembered.get(key) ?? 0) > performance.now()) return true;
    const delayMs = signIns.admit(ip, email);
    if (delayMs > 0) await delay(delayMs);
    const fits = await passwordFits(user?.passwordHash, password);
    if (!fits || user?.role !== 'staff') {
      signIns.countFailure(ip, email);
      return false;
    }
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, performance.now() + REMEMBER_MS);
    return true;
  };
  return async (req, res, next) => {
    const credentials = readBasic(req.headers.authorization);
    try {
      if (credentials && (await isStaff(credentials.email, credentials.password, req.ip ?? ''))) return next();
    } catch (error) {
      if (!isAppError(error, 'RATE_LIMITED')) throw error;
      return next(error);
    }
    res.setHeader('www-authenticate', 'Basic realm="Jobs", charset="UTF-8"');
    next(new AppError('UNAUTHENTICATED', 'Sign in with a staff account.'));
  };
}

function readBasic(header: string | undefined): { email: string; password: string } | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  if (encoded === undefined || encoded.length > MAX_LENGTH) return null;
  const [email, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  if (email === undefined || password.length === 0) return null;
  return { email: email.trim().toLowerCase(), password: password.join(':') };
}
