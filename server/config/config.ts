/**
 * Reads the configuration from the environment and its secret files, and validates it as a whole. The only file that reads
 * process.env: tests and the development shop pass a Config of their own.
 */
import type { z } from 'zod';
import type { PaymentChannel } from '../../models/checkout/payment-channels.ts';
import type { Currency } from '../../models/contract/money.ts';
import type { ShippingFees } from '../../models/pricing/shipping-fee.ts';
import type { SessionLifetimes } from '../auth/session-times.ts';
import { describeMisspelt } from './misspelt.ts';
import { parseShippingFees } from './parse-shipping-fees.ts';
import { fileVariableOf, readSecretFiles, SECRET_NAMES } from './secret-files.ts';
import { type ConfigVariable, type Environment, VARIABLES, type VariableName } from './variables.ts';

export type { Environment } from './variables.ts';

export interface Config {
  production: boolean;
  roles: readonly ('web' | 'worker')[];
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** For a process that is a worker only; 0 lets the system choose. */
  opsPort: number;
  /** This API's public address, without a trailing slash. Callbacks use it and never the Host header, which a client chooses. */
  publicUrl: string;
  /** The storefront's public address, without a trailing slash. */
  storefrontUrl: string;
  /** The absolute path of a built storefront, which the web role serves at /; null for none. */
  storefrontDir: string | null;
  deskDir: string | null;
  shopName: string;
  /** A name of the IANA database; days in searches and reports are days there. */
  shopTimeZone: string;
  mongodbUri: string;
  paystackSecretKey: string;
  /** From the key's prefix. Charges of the other domain never count as payments. */
  paystackDomain: 'test' | 'live';
  sendgridApiKey: string;
  sendgridBaseUrl: string;
  /** In base 64; null when SendGrid reports nothing. */
  sendgridWebhookKey: string | null;
  /** The shop's name of the settings is the sender's when `name` is null. */
  emailFrom: { email: string; name: string | null };
  /** Until the settings name one; null for the sender's. */
  emailReplyTo: string | null;
  auth:
    | { kind: 'own'; secret: string; issuer: string; audience: string; lifetimes: SessionLifetimes }
    | {
        kind: 'jwks';
        url: string;
        issuer: string;
        audience: string;
        /** Of the pages at the issuer, which is then an address; null when they have no way to sign in. */
        clientId: string | null;
      };
  /** At most one in each currency, and one in `currency`. */
  shippingFees: ShippingFees;
  /** Of an empty cart and of new variants. */
  currency: Currency;
  /** 0 turns reservations off. */
  stockHoldMinutes: number;
  /** The ways to pay that the payment page offers; empty for all that the account at Paystack can take. */
  paymentChannels: readonly PaymentChannel[];
  /** 0 sends no reminder. */
  remindUnpaidMinutes: number;
  /** Pages may load Paystack's pop-up. */
  paystackPopup: boolean;
  /** Express's `trust proxy`: false, or the number of proxies in front. */
  trustProxy: false | number;
  corsOrigins: readonly string[];
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  prettyLogs: boolean;
  limits: {
    /** Procedure calls a minute in each process, per address and per account; a batch counts as its calls. */
    callsPerMinute: number;
    /** Failed sign-ins a minute in all processes together, before an address is refused and an account delayed. */
    signInsPerMinute: number;
    maxInFlight: number;
  };
  /** Between the first failed readiness probe and closing the port, ms, so that load balancers notice in time. */
  drainNoticeMs: number;
  /** Intervals of the sweep and of the reconcile pass in a worker, ms. */
  sweepEveryMs: number;
  reconcileEveryMs: number;
}

/** The table of docs/configuration.md is written from this list. */
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

/** Lists every bad or missing variable at once; the message is written for operators. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];
  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ name, problem, purpose }) => `  ${name} ${problem}. (${purpose})`);
    super(`The configuration cannot be used:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The variables of this process: the only read of process.env. */
export function readEnv(): Environment {
  const names = [...CONFIG_VARIABLES.map(({ name }) => name), ...SECRET_NAMES.map(fileVariableOf)];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

/** Sentences about variables that are set, are not the program's, and resemble one of its own. */
export function misspeltHints(): string[] {
  return describeMisspelt(Object.keys(process.env), Object.keys(readEnv()));
}

/** Returns `env` with each secret's file replaced by its content. Throws ConfigError, which lists every file's problem. */
export function withSecretFiles(env: Environment): Environment {
  const { problems, report } = collectProblems();
  const resolved = readSecretFiles(env, report);
  if (problems.length > 0) throw new ConfigError(problems);
  return resolved;
}

/** Public, because it is in the source, and therefore refused in production. */
const DEVELOPMENT_JWT_SECRET = 'for-development-only-and-refused-in-production';

type Values = { [K in VariableName]: z.output<(typeof VARIABLES)[K]['schema']> | undefined };

/**
 * Reads only `env` and the files that it names. Throws ConfigError, which lists every problem. Outside production, the
 * keys and addresses of services that are not set are empty strings.
 */
export function toConfig(env: Environment): Config {
  const { problems, report } = collectProblems();
  const values = parseEach(readSecretFiles(env, report), report);
  const shippingFees = parseShippingFees(values.SHIPPING_FEE ?? '', values.CURRENCY ?? null, (problem) =>
    report('SHIPPING_FEE', problem),
  );
  if (values.NODE_ENV === 'production') refuseInProduction(values, report);
  if (values.PORT !== 0 && values.PORT === values.OPS_PORT && values.ROLES?.includes('web'))
    report('OPS_PORT', `must be another port than PORT, which is ${values.PORT}`);
  checkIssuer(values, report);
  if (problems.length > 0) throw new ConfigError(problems);
  return assemble(values, shippingFees);
}

/** The pages discover the issuer by its address. */
function checkIssuer(values: Values, report: Report): void {
  if (values.OIDC_CLIENT_ID === undefined) return;
  if (values.JWKS_URL === undefined) report('OIDC_CLIENT_ID', 'is of use with JWKS_URL only, which is missing');
  const issuer = values.JWT_ISSUER ?? '';
  if (!URL.canParse(issuer) || !/^https?:$/.test(new URL(issuer).protocol))
    report('JWT_ISSUER', "must be the issuer's address with OIDC_CLIENT_ID, because the pages sign in there");
  else if (values.NODE_ENV === 'production' && !issuer.startsWith('https://'))
    report('JWT_ISSUER', 'must be an https:// address in production');
}

type Report = (name: VariableName, problem: string) => void;

function collectProblems(): { problems: ConfigProblem[]; report: Report } {
  const problems: ConfigProblem[] = [];
  const report: Report = (name, problem) => {
    // Only the first problem of a variable: a bad value would otherwise be reported as missing too.
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
  // Sound: each value is the output of its variable's schema, as Values declares.
  return values as Values;
}

function problemOf(error: z.ZodError, secret: boolean, raw: string): string {
  const problem = error.issues[0]?.message ?? 'is not valid';
  return secret ? problem : `${problem}, not ${JSON.stringify(raw.slice(0, 100))}`;
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
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Assumes that no problem was reported, so every variable with a default has a value. */
function assemble(values: Values, shippingFees: ShippingFees): Config {
  const value = <K extends VariableName>(name: K): NonNullable<Values[K]> => {
    const found = values[name];
    if (found === undefined || found === null) throw new Error(`${name} has neither value nor default`);
    return found;
  };
  const production = value('NODE_ENV') === 'production';
  const issuer = value('JWT_ISSUER');
  const audience = value('JWT_AUDIENCE');
  return {
    production,
    roles: value('ROLES'),
    host: value('HOST'),
    port: value('PORT'),
    opsPort: value('OPS_PORT'),
    publicUrl: value('PUBLIC_URL'),
    storefrontUrl: value('STOREFRONT_URL'),
    storefrontDir: values.STOREFRONT_DIR ?? null,
    deskDir: values.DESK_DIR ?? null,
    shopName: value('SHOP_NAME'),
    shopTimeZone: value('SHOP_TIME_ZONE'),
    mongodbUri: values.MONGODB_URI ?? '',
    paystackSecretKey: values.PAYSTACK_SECRET_KEY ?? '',
    paystackDomain: values.PAYSTACK_SECRET_KEY?.startsWith('sk_live_') === true ? 'live' : 'test',
    sendgridApiKey: values.SENDGRID_API_KEY ?? '',
    sendgridBaseUrl: value('SENDGRID_BASE_URL'),
    sendgridWebhookKey: values.SENDGRID_WEBHOOK_KEY ?? null,
    emailFrom: value('EMAIL_FROM'),
    emailReplyTo: values.EMAIL_REPLY_TO ?? null,
    auth:
      values.JWKS_URL !== undefined
        ? { kind: 'jwks', url: values.JWKS_URL, issuer, audience, clientId: values.OIDC_CLIENT_ID ?? null }
        : {
            kind: 'own',
            secret: values.JWT_SECRET ?? DEVELOPMENT_JWT_SECRET,
            issuer,
            audience,
            lifetimes: {
              customerMs: value('SESSION_DAYS') * DAY_MS,
              staffMs: value('STAFF_SESSION_HOURS') * HOUR_MS,
            },
          },
    shippingFees,
    currency: value('CURRENCY'),
    stockHoldMinutes: value('STOCK_HOLD_MINUTES'),
    paymentChannels: value('PAYMENT_CHANNELS'),
    remindUnpaidMinutes: value('REMIND_UNPAID_MINUTES'),
    paystackPopup: value('CSP_PAYSTACK'),
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
