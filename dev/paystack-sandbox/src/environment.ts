/** The variables that the sandbox reads when it is started as a program of its own. */
import * as z from 'zod';
import type { PaystackSandboxOptions } from './start.ts';

const DEFAULT_PORT = 3002;

/** An empty variable counts as missing. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const FRACTION = 'must be a number from 0 to 1';

function numberFrom(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

const environmentSchema = z.object({
  PAYSTACK_SECRET_KEY: z
    .string('is missing: it must begin with sk_test_ or sk_live_')
    .regex(/^sk_(test|live)_\w+$/, 'must begin with sk_test_ or sk_live_'),
  PORT: optional(numberFrom(0, 65_535)),
  UPLOAD_PORT: optional(numberFrom(0, 65_535)),
  WEBHOOK_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an http or https address' })),
  DATA_DIR: optional(z.string()),
  REFUND_STEP_MS: optional(numberFrom(0, 86_400_000)),
  WEBHOOK_RETRY_SCALE: optional(z.coerce.number(FRACTION).min(0, FRACTION).max(1, FRACTION)),
});

export type EnvironmentReading =
  | { ok: true; options: PaystackSandboxOptions }
  /** One sentence per variable that is missing or malformed. */
  | { ok: false; problems: string[] };

/** The options that the variables name. Never prints a value, because one of them is a secret. */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): EnvironmentReading {
  const read = environmentSchema.safeParse(env);
  if (!read.success) {
    return { ok: false, problems: read.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`) };
  }
  const { PAYSTACK_SECRET_KEY, PORT, UPLOAD_PORT, WEBHOOK_URL, DATA_DIR, REFUND_STEP_MS, WEBHOOK_RETRY_SCALE } =
    read.data;
  return {
    ok: true,
    options: {
      secretKey: PAYSTACK_SECRET_KEY,
      port: PORT ?? DEFAULT_PORT,
      webhookUrl: WEBHOOK_URL ?? null,
      ...(UPLOAD_PORT === undefined ? {} : { uploadPort: UPLOAD_PORT }),
      ...(DATA_DIR === undefined ? {} : { folder: DATA_DIR }),
      ...(REFUND_STEP_MS === undefined ? {} : { refundStepMs: REFUND_STEP_MS }),
      ...(WEBHOOK_RETRY_SCALE === undefined ? {} : { webhookRetryScale: WEBHOOK_RETRY_SCALE }),
    },
  };
}
