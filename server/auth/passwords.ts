/**
 * Passwords: argon2id with OWASP's parameters (Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane; also ASVS 5.0
 * 11.4.2). Checking a password takes as long for an unknown email as for a known one. Called by routers/auth and seeds.
 */
import { hash, verify } from '@node-rs/argon2';

/** 2 is argon2id; the package's enum is a const enum, which isolated modules cannot read. */
const ARGON2ID = 2;
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of 32 random bytes that were thrown away, by the same parameters: no password fits. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$NP2m9QFpLyD/cinXOEVtjQ$S69knUF0eya24KfQ4272MqR/yb+g2yR3lwEhrEo8rJE';

/** The PHC string to store; salted, so that it differs each time. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

/** True when the password fits. With no hash (no such user, or one of an outside issuer): false, after the same work. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(passwordHash ?? NOBODYS_HASH, password);
  return fits && passwordHash !== undefined;
}
