/**
 * Configuration: read from the environment and the secret files that it names, checked as a whole, then a plain object.
 * The only file of the program that looks at process.env; tests and the development shop pass a Config of their own.
 * NODE_ENV is production unless it says otherwise: a forgotten variable must not open a door.
 */
import type { z } from 'zod';
import type { Currency } from '../../models/contract/money.ts';
import { isAppError } from '../../models/errors.ts';
import { toSubunits } from '../../models/money.ts';
import { fileVariableOf, readSecretFiles, SECRET_NAMES } from './secret-files.ts';
import { type ConfigVariable, type Environment, VARIABLES, type VariableName } from './variables.ts';

export type { Environment } from './variables.ts';

export interface Config {
  production: boolean;
  roles: readonly ('web' | 'worker')[];
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** Of a worker that is no web; 0 lets the system choose. */
  opsPort: number;
  /** Where the world reaches us, without a trailing slash; callbacks to us are made from it and from nothing else. */
  publicUrl: string;
  /** Where shoppers' browsers are sent, without a trailing slash. */
  storefrontUrl: string;
  /** A built storefront for the web role to serve at /, as an absolute path; null for none. */
  storefrontDir: string | null;
  shopName: string;
  mongodbUri: string;
  paystackSecretKey: string;
  /** Where that key works, as its prefix says: charges of the other domain never count. */
  paystackDomain: 'test' | 'live';
  sendgridApiKey: string;
  emailFrom: { email: string; name: string };
  auth:
    | { kind: 'own'; secret: string; issuer: string; audience: string; lifetimeSeconds: number }
    | { kind: 'jwks'; url: string; issuer: string; audience: string };
  /** Subunits of the cart's currency. */
  shippingFee: number;
  currency: Currency;
  /** 0 turns holds off. */
  stockHoldMinutes: number;
  /** Express's `trust proxy`: false, or the number of proxies in front. */
  trustProxy: false | number;
  corsOrigins: readonly string[];
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  prettyLogs: boolean;
  limits: {
    /** Procedure calls a minute, per address and per account; a batch counts as its calls. */
    callsPerMinute: number;
    /** Failed sign-ins a minute, per account and per address, before answers slow down. */
    signInsPerMinute: number;
    maxInFlight: number;
  };
  /** Between saying that we are not ready and closing the door, ms: balancers notice in time. */
  drainNoticeMs: number;
  /** How often the sweep and the reconcile pass run in a worker, ms. Tests shorten them. */
  sweepEveryMs: number;
  reconcileEveryMs: number;
}

/** The documented list of variables, for docs/configuration.md, .env.example and the test that holds them equal. */
export const CONFIG_VARIABLES: readonly (Omit<ConfigVariable, 'schema'> & { name: VariableName })[] = (
  Object.keys(VARIABLES) as VariableName[]
).map((name) => {
  const { purpose, default: fallback, secret } = VARIABLES[name];
  return { name, purpose, default: fallback, secret };
});

export interface ConfigProblem {
  name: VariableName;
  /** Completes the sentence "NAME …"; never holds a secret's value. */
  problem: string;
  purpose: string;
}

/** Every bad or missing variable at once; the message is meant for the operator's terminal. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, problem, purpose }) => `  ${name} ${problem}. (${purpose})`);
    super(`The configuration cannot be used:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The variables that the process was started with: the program's one look at process.env. */
export function readEnv(): Environment {
  const names = [...CONFIG_VARIABLES.map(({ name }) => name), ...SECRET_NAMES.map(fileVariableOf)];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** `env` with each secret's file replaced by what it holds. Throws ConfigError, which names every file's problem. */
export function withSecretFiles(env: Environment): Environment {
  const { problems, report } = collectProblems();
  const resolved = readSecretFiles(env, report);
  if (problems.length > 0) throw new ConfigError(problems);
  return resolved;
}

/** Known to everybody who reads this file, hence refused in production. */
const DEVELOPMENT_JWT_SECRET = 'for-development-only-and-refused-in-production';

type Values = { [K in VariableName]: z.output<(typeof VARIABLES)[K]['schema']> | undefined };

/**
 * Reads nothing but `env` and the files that it names. Throws ConfigError, which names every problem. Outside production,
 * services that are not set are empty texts.
 */
export function toConfig(env: Environment): Config {
  const { problems, report } = collectProblems();
  const values = parseEach(readSecretFiles(env, report), report);
  const shippingFee = parseFee(values.SHIPPING_FEE, report);
  if (values.NODE_ENV === 'production') refuseInProduction(values, report);
  if (problems.length > 0) throw new ConfigError(problems);
  return assemble(values, shippingFee);
}

type Report = (name: VariableName, problem: string) => void;

function collectProblems(): { problems: ConfigProblem[]; report: Report } {
  const problems: ConfigProblem[] = [];
  const report: Report = (name, problem) => {
    // The first problem of a variable is the one to mend; a bad value would else be called missing as well.
    if (problems.some((known) => known.name === name)) return;
    problems.push({ name, problem, purpose: VARIABLES[name].purpose });
  };
  return { problems, report };
}

function parseEach(env: Environment, report: Report): Values {
  const values: Partial<Record<VariableName, unknown>> = {};
  for (const { name } of CONFIG_VARIABLES) {
    const definition: ConfigVariable = VARIABLES[name];
    const given = env[name]?.trim();
    const raw = given === undefined || given === '' ? definition.default : given;
    if (raw === null) continue;
    const parsed = definition.schema.safeParse(raw);
    if (parsed.success) values[name] = parsed.data;
    else report(name, problemOf(parsed.error, definition.secret, raw));
  }
  // Each value came out of the schema that Values names for it.
  return values as Values;
}

function problemOf(error: z.ZodError, secret: boolean, raw: string): string {
  const problem = error.issues[0]?.message ?? 'is not valid';
  return secret ? problem : `${problem}, not ${JSON.stringify(raw.slice(0, 100))}`;
}

function parseFee(fee: string | undefined, report: Report): number {
  try {
    return toSubunits(fee ?? '0');
  } catch (error) {
    if (!isAppError(error)) throw error;
    report('SHIPPING_FEE', `must be an amount like 1500 or 1500.50, not ${JSON.stringify(fee?.slice(0, 100))}`);
    return 0;
  }
}

function refuseInProduction(values: Values, report: Report): void {
  const missing = 'is missing; production needs it';
  if (values.MONGODB_URI === undefined) report('MONGODB_URI', missing);
  if (values.PAYSTACK_SECRET_KEY === undefined) report('PAYSTACK_SECRET_KEY', missing);
  else if (!values.PAYSTACK_SECRET_KEY.startsWith('sk_live_')) {
    report('PAYSTACK_SECRET_KEY', 'is a test key; production needs a live one');
  }
  if (values.SENDGRID_API_KEY === undefined) report('SENDGRID_API_KEY', missing);
  if (values.EMAIL_FROM?.email.endsWith('@localhost')) report('EMAIL_FROM', missing);
  if (values.JWKS_URL === undefined) {
    if (values.JWT_SECRET === undefined) report('JWT_SECRET', `${missing}, or JWKS_URL`);
    else if (values.JWT_SECRET === DEVELOPMENT_JWT_SECRET) report('JWT_SECRET', 'is the one that development uses');
  }
  for (const name of ['PUBLIC_URL', 'STOREFRONT_URL', 'JWKS_URL'] as const) {
    if (values[name]?.startsWith('http://')) report(name, 'must be an https:// address in production');
  }
}

const MINUTE_MS = 60_000;

/** Only called once nothing was reported, so every variable with a default has a value. */
function assemble(values: Values, shippingFee: number): Config {
  const value = <K extends VariableName>(name: K): NonNullable<Values[K]> => {
    const found = values[name];
    if (found === undefined || found === null) throw new Error(`${name} has neither value nor default`);
    return found;
  };
  const production = value('NODE_ENV') === 'production';
  const issuer = value('JWT_ISSUER');
  const audience = value('JWT_AUDIENCE');
  const { email, name } = value('EMAIL_FROM');
  return {
    production,
    roles: value('ROLES'),
    host: value('HOST'),
    port: value('PORT'),
    opsPort: value('OPS_PORT'),
    publicUrl: value('PUBLIC_URL'),
    storefrontUrl: value('STOREFRONT_URL'),
    storefrontDir: values.STOREFRONT_DIR ?? null,
    shopName: value('SHOP_NAME'),
    mongodbUri: values.MONGODB_URI ?? '',
    paystackSecretKey: values.PAYSTACK_SECRET_KEY ?? '',
    paystackDomain: values.PAYSTACK_SECRET_KEY?.startsWith('sk_live_') === true ? 'live' : 'test',
    sendgridApiKey: values.SENDGRID_API_KEY ?? '',
    emailFrom: { email, name: name ?? value('SHOP_NAME') },
    auth:
      values.JWKS_URL !== undefined
        ? { kind: 'jwks', url: values.JWKS_URL, issuer, audience }
        : {
            kind: 'own',
            secret: values.JWT_SECRET ?? DEVELOPMENT_JWT_SECRET,
            issuer,
            audience,
            lifetimeSeconds: value('JWT_LIFETIME_MINUTES') * 60,
          },
    shippingFee,
    currency: value('CURRENCY'),
    stockHoldMinutes: value('STOCK_HOLD_MINUTES'),
    trustProxy: value('TRUST_PROXY') === 0 ? false : value('TRUST_PROXY'),
    corsOrigins: value('CORS_ORIGINS'),
    logLevel: value('LOG_LEVEL'),
    prettyLogs: !production,
    limits: {
      callsPerMinute: value('CALLS_PER_MINUTE'),
      signInsPerMinute: value('SIGN_INS_PER_MINUTE'),
      maxInFlight: value('MAX_IN_FLIGHT'),
    },
    drainNoticeMs: value('DRAIN_SECONDS') * 1_000,
    sweepEveryMs: value('SWEEP_SECONDS') * 1000,
    reconcileEveryMs: value('RECONCILE_MINUTES') * MINUTE_MS,
  };
}
