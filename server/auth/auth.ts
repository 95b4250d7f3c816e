/**
 * Identifies the caller by a bearer token, read from the Authorization header alone. The token is our own (HS256, issued at
 * sign-in) or, with JWKS_URL, an outside issuer's (asymmetric). Algorithm, type, issuer, audience and expiry are pinned.
 * A token names a user and a session, and nothing else: role, existence and ended sessions are read from the database at
 * each call.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { Types } from 'mongoose';
import { z } from 'zod';
import type { Clock } from '../../jobs/ports.ts';
import { getOrCreateBySubject } from '../../models/accounts/create-user.ts';
import { hasSessionEnded, type Session, sessionStart } from '../../models/accounts/end-sessions.ts';
import type { User } from '../../models/accounts/user.ts';
import { email, text } from '../../models/contract/fields.ts';
import { MAX_LENGTH } from '../../models/contract/limits.ts';
import { AppError } from '../../models/errors.ts';
import type { Config } from '../config/config.ts';
import type { AppContext } from '../context/app-context.ts';
import { isRenewalDue, lifetimeOf, tokenEnd } from './session-times.ts';
import { type Identity, VerifiedTokens } from './verified-tokens.ts';

export interface Auth {
  /** The user and session that the header's token names. Throws UNAUTHENTICATED, without a reason, for no valid token. */
  identify(authorization: string | undefined): Promise<Identity>;
  /** Throws UNAUTHENTICATED when the session has ended, or has lasted too long for the account's role as it is now. */
  assertLive(identity: Identity, user: SessionOwner): void;
  /** A new token of the same session; null while the token is young, at the session's end, and for an outside issuer's. */
  renew(identity: Identity, user: SessionOwner): Promise<IssuedToken | null>;
  /** When every token of the session has expired, if no more are issued. */
  lastExpiry(identity: Identity): Date;
  /**
   * Issues the first token of a new session. `signingInAt`, from before the credentials were read, is the session's start: a
   * password that changes meanwhile ends it. Throws FORBIDDEN if an outside issuer is configured.
   */
  issue(user: SessionOwner, signingInAt?: Date): Promise<IssuedToken & { session: Session }>;
  /** False if users sign in with an outside issuer. */
  hasOwnAccounts: boolean;
  /** Throws FORBIDDEN if users sign in with an outside issuer. */
  assertOwnAccounts(): void;
}

export type SessionOwner = Pick<User, '_id' | 'role' | 'sessionsFrom' | 'endedSessions'>;

export interface IssuedToken {
  token: string;
  expiresAt: Date;
}

/** RFC 9068's type of access tokens: a token made for another purpose with the same key is refused. */
const TOKEN_TYPE = 'at+jwt';
/** Leaves out HS256 and `none`: a token's header must not choose them. */
const ASYMMETRIC = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** An outside issuer may call its access tokens JWT, or nothing. */
const OUTSIDE_TYPES = new Set([undefined, 'JWT', 'at+jwt', 'application/at+jwt']);
/** Allowed difference between our clock and an outside issuer's. */
const CLOCK_TOLERANCE_SECONDS = 5;
const JWKS_TIMEOUT_MS = 3_000;
const LONGEST_CALL_MS = 60_000;
const BEARER = /^Bearer ([\w-]{1,2000}\.[\w-]{1,6000}\.[\w-]{0,2000})$/i;

export function createAuth(app: Pick<AppContext, 'config' | 'db' | 'clock'>): Auth {
  const { clock } = app;
  const { auth } = app.config;
  const verify = auth.kind === 'own' ? verifyOwn(auth, clock) : verifyOutside(auth, app);
  return {
    async identify(authorization) {
      const token = BEARER.exec(authorization ?? '')?.[1];
      if (token === undefined) throw unauthenticated();
      try {
        return await verify(token);
      } catch (error) {
        throw asAuthError(error);
      }
    },
    assertLive(identity, user) {
      if (hasSessionEnded(identity, user)) throw unauthenticated();
      // A token that was issued to a customer outlives the sessions of staff.
      if (auth.kind === 'own' && tokenEnd(identity, lifetimeOf(user.role, auth.lifetimes)) <= clock.now())
        throw unauthenticated();
    },
    async renew(identity, user) {
      if (auth.kind !== 'own') return null;
      const now = clock.now();
      return isRenewalDue(identity, lifetimeOf(user.role, auth.lifetimes), now)
        ? issueOwn(auth, user, identity, now)
        : null;
    },
    lastExpiry({ expiresAt }) {
      if (auth.kind !== 'own') return expiresAt;
      // Another call may be about to renew the token.
      return new Date(clock.now().getTime() + longestLifetimeMs(auth) + LONGEST_CALL_MS);
    },
    async issue(user, signingInAt = clock.now()) {
      if (auth.kind !== 'own') throw signInElsewhere();
      const session = { id: randomBytes(9).toString('base64url'), startedAt: sessionStart(user, signingInAt) };
      return { ...(await issueOwn(auth, user, session, clock.now())), session };
    },
    hasOwnAccounts: auth.kind === 'own',
    assertOwnAccounts() {
      if (auth.kind !== 'own') throw signInElsewhere();
    },
  };
}

type OwnAuth = Extract<Config['auth'], { kind: 'own' }>;
type OutsideAuth = Extract<Config['auth'], { kind: 'jwks' }>;
type Verify = (token: string) => Promise<Identity>;

async function issueOwn(
  auth: OwnAuth,
  { _id, role }: SessionOwner,
  { id, startedAt }: Session,
  now: Date,
): Promise<IssuedToken> {
  const issuedAt = inSeconds(now);
  const expiresAt = tokenEnd({ startedAt, issuedAt }, lifetimeOf(role, auth.lifetimes));
  const token = await new SignJWT({ sid: id, auth_time: startedAt.getTime() / 1000 })
    .setProtectedHeader({ alg: 'HS256', typ: TOKEN_TYPE })
    .setSubject(_id.toHexString())
    .setIssuer(auth.issuer)
    .setAudience(auth.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(auth.secret));
  return { token, expiresAt: inSeconds(expiresAt) };
}

const longestLifetimeMs = ({ lifetimes }: OwnAuth) => Math.max(lifetimes.customerMs, lifetimes.staffMs);

/** JWT's dates are whole seconds. */
const inSeconds = (at: Date) => new Date(Math.floor(at.getTime() / 1000) * 1000);
const fromSeconds = (seconds = 0) => new Date(Math.round(seconds * 1000));

/** `auth_time` is that of OpenID Connect, with a fraction: it is compared with `sessionsFrom`. */
const ownClaims = z.object({
  sub: z.string().regex(/^[0-9a-f]{24}$/),
  sid: z.string().min(1).max(50),
  auth_time: z.number().min(0).max(Number.MAX_SAFE_INTEGER),
});

function verifyOwn(auth: OwnAuth, clock: Clock): Verify {
  const key = new TextEncoder().encode(auth.secret);
  const tokens = new VerifiedTokens();
  return async (token) => {
    const now = clock.now();
    const cached = tokens.find(token, now);
    if (cached !== null) return cached;
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      typ: TOKEN_TYPE,
      issuer: auth.issuer,
      audience: auth.audience,
      requiredClaims: ['sub', 'iat', 'exp'],
      // A token with a longer life was not issued under this configuration.
      maxTokenAge: longestLifetimeMs(auth) / 1000,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    const claims = ownClaims.safeParse(payload);
    if (!claims.success) throw unauthenticated();
    const { sub, sid, auth_time } = claims.data;
    const identity: Identity = {
      userId: new Types.ObjectId(sub),
      id: sid,
      startedAt: fromSeconds(auth_time),
      issuedAt: fromSeconds(payload.iat),
      expiresAt: fromSeconds(payload.exp),
    };
    tokens.keep(token, { identity, verifiedAt: now });
    return identity;
  };
}

const outsideClaims = z.object({
  sub: z.string().min(1).max(255),
  email,
  email_verified: z.literal(true).optional(),
  /** Some issuers send a placeholder, or names without an end. */
  name: text(MAX_LENGTH.name).optional().catch(undefined),
});

function verifyOutside(auth: OutsideAuth, { db, clock }: Pick<AppContext, 'db' | 'clock'>): Verify {
  const keys = createRemoteJWKSet(new URL(auth.url), { timeoutDuration: JWKS_TIMEOUT_MS });
  return async (token) => {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ASYMMETRIC,
      issuer: auth.issuer,
      audience: auth.audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: clock.now(),
    });
    if (!OUTSIDE_TYPES.has(protectedHeader.typ)) throw unauthenticated();
    const userId = await getOrCreateBySubject(db, outsideIdentity(auth.issuer, payload), clock.now());
    // The issuer's sessions are not known here: each token is one, which began when it was issued.
    const issuedAt = fromSeconds(payload.iat);
    const id = createHash('sha256').update(token).digest('base64url').slice(0, 22);
    return { userId, id, startedAt: issuedAt, issuedAt, expiresAt: fromSeconds(payload.exp) };
  };
}

/** Orders need an email address, so a token without a valid and verified one is refused. */
function outsideIdentity(issuer: string, payload: JWTPayload) {
  const claims = outsideClaims.safeParse(payload);
  if (!claims.success) throw unauthenticated();
  const { sub, email, name } = claims.data;
  return { subject: `${issuer}|${sub}`, email, name: name ?? 'Customer' };
}

/** Errors of a bad token. Any other error is a failure of ours or of the issuer, and the call may be repeated. */
const BAD_TOKEN = [
  errors.JWTInvalid,
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function asAuthError(error: unknown): unknown {
  if (BAD_TOKEN.some((kind) => error instanceof kind)) return unauthenticated();
  if (!(error instanceof errors.JOSEError) && !isFetchFailure(error)) return error;
  return new AppError('OVERLOADED', 'Signing in cannot be checked just now; try again in a moment.', {
    details: { retryAfterMs: JWKS_TIMEOUT_MS },
    cause: error,
  });
}

/** True for fetch's TypeError when no server answers; instanceof would miss one of another realm. */
function isFetchFailure(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('name' in error) || !('message' in error)) return false;
  return error.name === 'TypeError' && /fetch/.test(String(error.message));
}

export function unauthenticated(): AppError<'UNAUTHENTICATED'> {
  return new AppError('UNAUTHENTICATED', 'Sign in to continue.');
}

function signInElsewhere(): AppError<'FORBIDDEN'> {
  return new AppError(
    'FORBIDDEN',
    "Accounts of this shop are kept elsewhere; sign in with the shop's identity provider.",
  );
}
