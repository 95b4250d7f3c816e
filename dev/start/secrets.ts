/** Random secrets, kept beside the data: sessions survive a restart, and none can be forged from this repository. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartError } from './start-error.ts';

const secretsSchema = z.strictObject({
  /** Signs session tokens. */
  jwtSecret: z.string().min(32),
  /** The key that the sandbox accepts and signs webhooks with. */
  paystackSecretKey: z.string().regex(/^sk_test_\w{40}$/),
});

export type DevelopmentSecrets = z.infer<typeof secretsSchema>;

export function makeSecrets(): DevelopmentSecrets {
  return {
    jwtSecret: randomBytes(32).toString('hex'),
    paystackSecretKey: `sk_test_${randomBytes(20).toString('hex')}`,
  };
}

/** The secrets of this folder, generated on first use. Throws StartError if the file is malformed. */
export async function openSecrets(folder: string): Promise<DevelopmentSecrets> {
  const file = join(folder, 'secrets.json');
  await mkdir(folder, { recursive: true });
  const generated = JSON.stringify(makeSecrets());
  // `wx`: of two processes that start at once, the first one's secrets are kept.
  await writeFile(file, generated, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const text = await readFile(file, 'utf8');
  const parsed = secretsSchema.safeParse(isJson(text) ? JSON.parse(text) : null);
  if (!parsed.success) throw new StartError(`${file} is malformed: delete it, and new secrets are generated.`);
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
