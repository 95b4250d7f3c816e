/**
 * Identifies the caller by a bearer token, read from the Authorization header alone. The token is our own (HS256, issued at
 * sign-in) or, with JWKS_URL, an outside issuer's (asymmetric). Algorithm, type, issuer, audience and expiry are pinned.
 * A token names a user and nothing else: the user's role and existence are read from the database at each call.
 */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { Types } from 'mongoose';
import { z } from 'zod';
import type { Clock } from '../../jobs/ports.ts';
import { getOrCreateBySubject } from '../../models/accounts/create-user.ts';
import { MAX_EMAIL_LENGTH, MAX_LENGTH } from '../../models/contract/limits.ts';
import { AppError } from '../../models/errors.ts';
import type { Config } from '../config/config.ts';
import type { AppContext } from '../context/app-context.ts';
import { VerifiedTokens } from './verified-tokens.ts';

export interface Auth {
  /** The user whom the header's token names. Throws UNAUTHENTICATED, without a reason, if there is no valid token. */
  identify(authorization: string | undefined): Promise<Types.ObjectId>;
  /** Issues a token of our own. Throws FORBIDDEN if an outside issuer is configured. */
  issue(userId: Types.ObjectId): Promise<IssuedToken>;
  /** Throws FORBIDDEN if users sign in with an outside issuer. */
  assertOwnAccounts(): void;
}

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
const BEARER = /^Bearer ([\w-]{1,2000}\.[\w-]{1,6000}\.[\w-]{0,2000})$/i;

export function createAuth(app: Pick<AppContext, 'config' | 'db' | 'clock'>): Auth {
  const { auth } = app.config;
  const verify = auth.kind === 'own' ? verifyOwn(auth, app.clock) : verifyOutside(auth, app);
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
    async issue(userId) {
      if (auth.kind !== 'own') throw signInElsewhere();
      return issueOwn(auth, userId, app.clock);
    },
    assertOwnAccounts() {
      if (auth.kind !== 'own') throw signInElsewhere();
    },
  };
}

type OwnAuth = Extract<Config['auth'], { kind: 'own' }>;
type OutsideAuth = Extract<Config['auth'], { kind: 'jwks' }>;
type Verify = (token: string) => Promise<Types.ObjectId>;

async function issueOwn(auth: OwnAuth, userId: Types.ObjectId, clock: Clock): Promise<IssuedToken> {
  const issuedAt = Math.floor(clock.now().getTime() / 1000);
  const expiresAt = issuedAt + auth.lifetimeSeconds;
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: TOKEN_TYPE })
    .setSubject(userId.toHexString())
    .setIssuer(auth.issuer)
    .setAudience(auth.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(auth.secret));
  return { token, expiresAt: new Date(expiresAt * 1000) };
}

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
      // A token with a longer life than `lifetimeSeconds` was not issued under this configuration.
      maxTokenAge: auth.lifetimeSeconds,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
    if (!/^[0-9a-f]{24}$/.test(payload.sub ?? '')) throw unauthenticated();
    const userId = new Types.ObjectId(payload.sub);
    tokens.keep(token, { userId, verifiedAt: now, expiresAt: new Date((payload.exp ?? 0) * 1000) });
    return userId;
  };
}

const outsideClaims = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().trim().toLowerCase().max(MAX_EMAIL_LENGTH).regex(z.regexes.email),
  email_verified: z.literal(true).optional(),
  name: z.string().trim().min(1).max(MAX_LENGTH.name).optional(),
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
    return getOrCreateBySubject(db, outsideIdentity(auth.issuer, payload), clock.now());
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
