/**
 * The development shop's own secrets: made by chance once and kept beside its data, so that tokens survive a restart and
 * nobody can forge one with what stands in this repository.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const secretsSchema = z.strictObject({
  /** Signs our own tokens. */
  jwtSecret: z.string().min(32),
  /** What the sandbox takes as the merchant's key, and signs its webhooks with. */
  paystackSecretKey: z.string().regex(/^sk_test_\w{40}$/),
});

export type DevelopmentSecrets = z.infer<typeof secretsSchema>;

/** New ones, for a shop that keeps nothing. */
export function makeSecrets(): DevelopmentSecrets {
  return {
    jwtSecret: randomBytes(32).toString('hex'),
    paystackSecretKey: `sk_test_${randomBytes(20).toString('hex')}`,
  };
}

/** Those of this folder; made on first use. Throws StartError when the file holds something else. */
export async function openSecrets(folder: string): Promise<DevelopmentSecrets> {
  const file = join(folder, 'secrets.json');
  await mkdir(folder, { recursive: true });
  const made = JSON.stringify(makeSecrets());
  // `wx`: of two that start at once, the first one's stand.
  await writeFile(file, made, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const text = await readFile(file, 'utf8');
  const parsed = secretsSchema.safeParse(isJson(text) ? JSON.parse(text) : null);
  if (!parsed.success) throw new StartError(`${file} holds no secrets of this shop: delete it, and new ones are made.`);
  return parsed.data;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
