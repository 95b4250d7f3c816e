import { hash, verify } from '@node-rs/argon2';

/** 2 is argon2id; the package's enum is a const enum, which isolated modules cannot read. */
const ARGON2ID = 2;
/** OWASP's parameters (Password Storage Cheat Sheet; ASVS 5.0 11.4.2). */
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash, by the same parameters, of 32 random bytes that were not kept: no password fits. */
const UNKNOWN_USER_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$NP2m9QFpLyD/cinXOEVtjQ$S69knUF0eya24KfQ4272MqR/yb+g2yR3lwEhrEo8rJE';

/** Returns the PHC string to store; the salt makes it differ each time. Equal letters, typed in different ways, are equal. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), PARAMETERS);
}

/** True if the password fits. Without a hash (no such user, or one of an outside issuer): false, after the same work. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  for (const form of formsOf(password)) {
    const fits = await verify(passwordHash ?? UNKNOWN_USER_HASH, form);
    if (fits && passwordHash !== undefined) return true;
  }
  return false;
}

/** NFKC first. The others open hashes that were made of a password as it was typed. */
function formsOf(password: string): Set<string> {
  return new Set([
    password.normalize('NFKC'),
    password,
    ...(['NFC', 'NFD'] as const).map((form) => password.normalize(form)),
  ]);
}
