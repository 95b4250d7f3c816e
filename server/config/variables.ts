/**
 * Every environment variable of the program, as data. A test compares docs/configuration.md and .env.example with this
 * list. Rules over several variables are in config.ts.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { PAYMENT_CHANNELS } from '../../models/checkout/payment-channels.ts';
import { email, text as visibleText } from '../../models/contract/fields.ts';
import { MAX_LENGTH } from '../../models/contract/limits.ts';
import { CURRENCIES } from '../../models/contract/money.ts';
import { isTimeZone } from '../../models/shop-time.ts';
import { readVerificationKey } from '../email/sendgrid/event-signature.ts';
import { parseSender } from './parse-sender.ts';

export interface ConfigVariable<T = unknown> {
  readonly purpose: string;
  /** As it would be written in the environment; null when there is none. */
  readonly default: string | null;
  /** A secret's value is never repeated in an error message. */
  readonly secret: boolean;
  /** Parses the text; its messages complete the sentence "NAME …". */
  readonly schema: z.ZodType<T, string>;
}

const variable = <T>(purpose: string, fallback: string | null, schema: z.ZodType<T, string>): ConfigVariable<T> => ({
  purpose,
  default: fallback,
  secret: false,
  schema,
});
const secret = <T>(purpose: string, schema: z.ZodType<T, string>): ConfigVariable<T> => ({
  purpose,
  default: null,
  secret: true,
  schema,
});

const text = z.string().trim().min(1, 'must not be empty').max(500, 'must be at most 500 characters');

const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be a whole number from ${least} to ${most}`);

const url = z
  .string()
  .refine((value) => isHttpUrl(value), 'must be an http:// or https:// address without credentials, query or fragment')
  .transform((value) => value.replace(/\/+$/, ''));

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const origins = list.refine(
  (values) => values.every((value) => isHttpUrl(value) && new URL(value).origin === value),
  'must be origins like https://shop.example, separated by commas; no path, no *',
);

const roles = list
  .pipe(z.array(z.enum(['web', 'worker'])).min(1))
  .refine((values) => new Set(values).size === values.length);

const channels = list.pipe(
  z.array(z.enum(PAYMENT_CHANNELS, `must be a list of ${PAYMENT_CHANNELS.join(', ')}, separated by commas`)),
);

/** SendGrid's documentation, regional subusers. */
const SENDGRID_HOSTS = ['https://api.sendgrid.com', 'https://api.eu.sendgrid.com'] as const;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const sender = z.string().transform((value, context) => {
  const parsed = parseSender(value);
  if (parsed !== null) return parsed;
  context.addIssue('must be an address, or Name <address>, or "Name" <address>');
  return z.NEVER;
});

const builtPages = text
  .refine((folder) => existsSync(join(folder, 'index.html')), 'must be a folder that holds an index.html')
  .transform((folder) => resolve(folder));

/** In the order in which an operator needs them. */
export const VARIABLES = {
  NODE_ENV: variable(
    'Production refuses fakes, test keys and weak secrets.',
    'production',
    z.enum(['production', 'development', 'test'], 'must be production, development or test'),
  ),
  ROLES: variable(
    'The roles of this process: web answers requests, worker runs jobs.',
    'web,worker',
    z.string().transform((value, context) => {
      const parsed = roles.safeParse(value);
      if (parsed.success) return parsed.data;
      context.addIssue('must be web, worker, or web,worker');
      return z.NEVER;
    }),
  ),
  HOST: variable('The address to listen on.', '0.0.0.0', text),
  PORT: variable('The port to listen on.', '3000', integer(0, 65_535)),
  OPS_PORT: variable(
    'The port of /livez, /readyz and /metrics, which no other port serves; 0 for a free one.',
    '3001',
    integer(0, 65_535),
  ),
  PUBLIC_URL: variable(
    'The public address of this API; Paystack sends shoppers back here.',
    'http://localhost:3000',
    url,
  ),
  STOREFRONT_URL: variable(
    'The public address of the storefront, to which shoppers return after paying.',
    'http://localhost:3000',
    url,
  ),
  STOREFRONT_DIR: variable(
    'The folder of a built storefront, which a web process then serves at / as it is at the start; none unless set.',
    null,
    builtPages,
  ),
  DESK_DIR: variable(
    'The folder of the built desk, the app of staff, which a web process then serves at /desk as it is at the start; none unless set.',
    null,
    builtPages,
  ),
  SHOP_NAME: variable('The name on pages and in emails, until staff set one.', 'Orders', visibleText(MAX_LENGTH.name)),
  SHOP_TIME_ZONE: variable(
    'The time zone of the shop: a date without a time means the day there.',
    'Africa/Lagos',
    z.string().refine(isTimeZone, 'must be a time zone like Africa/Lagos'),
  ),
  MONGODB_URI: secret(
    'The replica set that stores everything: its connection string, database name included.',
    z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/, 'must begin with mongodb:// or mongodb+srv://'),
  ),
  PAYSTACK_SECRET_KEY: secret(
    'Authenticates calls to Paystack and verifies its webhooks.',
    z.string().regex(/^sk_(test|live)_\w+$/, 'must begin with sk_live_ or sk_test_'),
  ),
  SENDGRID_API_KEY: secret(
    'Authenticates calls to SendGrid, which sends the emails.',
    z.string().regex(/^SG\.[\w.-]+$/, 'must begin with SG.'),
  ),
  SENDGRID_BASE_URL: variable(
    "SendGrid's API: its host in the EU needs a key of an EU account.",
    'https://api.sendgrid.com',
    z
      .string()
      .transform((value) => value.toLowerCase().replace(/\/+$/, ''))
      .pipe(z.enum(SENDGRID_HOSTS, `must be ${SENDGRID_HOSTS.join(' or ')}`)),
  ),
  SENDGRID_WEBHOOK_KEY: variable(
    "The verification key of SendGrid's signed event webhook, which reports bounces to /webhooks/sendgrid; without it they are not seen.",
    null,
    z
      .string()
      .refine(
        (value) => readVerificationKey(value) !== null,
        'must be the verification key that SendGrid shows, in base 64',
      ),
  ),
  EMAIL_FROM: variable(
    'The sender of emails, as Name <address> or an address alone, which then bears the name of the shop.',
    'orders@localhost',
    sender,
  ),
  EMAIL_REPLY_TO: variable(
    "The address that customers' replies to emails go to, until staff set one; the sender's unless set.",
    null,
    email,
  ),
  JWT_SECRET: secret(
    'Signs and verifies our own tokens; at least 32 bytes. Not used with JWKS_URL.',
    z.string().refine((value) => Buffer.byteLength(value) >= 32, 'must be at least 32 bytes'),
  ),
  JWT_ISSUER: variable('The issuer that a token must name.', 'orders-module', text),
  JWT_AUDIENCE: variable('The audience that a token must name.', 'orders-api', text),
  SESSION_DAYS: variable(
    'How long customers stay signed in without a visit. In use, a session lasts up to twelve times as long.',
    '30',
    integer(1, 365),
  ),
  STAFF_SESSION_HOURS: variable('The same for staff.', '12', integer(1, 720)),
  JWKS_URL: variable("An outside issuer's keys; the API then accepts its tokens instead of our own.", null, url),
  OIDC_CLIENT_ID: variable(
    "The pages' client at the outside issuer, a public one with PKCE; they then sign in at JWT_ISSUER. Only with JWKS_URL.",
    null,
    text,
  ),
  CURRENCY: variable(
    'The currency of new prices, and of a shipping fee that names none.',
    'NGN',
    z.enum(CURRENCIES, `must be one of ${CURRENCIES.join(', ')}`),
  ),
  SHIPPING_FEE: variable(
    'The flat fee per order in each currency that the shop takes orders in, like NGN 1500 or NGN 1500, USD 5.50.',
    '0',
    text,
  ),
  STOCK_HOLD_MINUTES: variable(
    'How long checkout reserves stock for a pending order; 0 takes stock at settlement only.',
    '0',
    integer(0, 1_440),
  ),
  PAYMENT_CHANNELS: variable(
    'The ways to pay that the payment page offers, like card,bank_transfer; empty for all that the account at Paystack can take.',
    '',
    channels,
  ),
  REMIND_UNPAID_MINUTES: variable(
    'How long after the last attempt to pay an unpaid order is reminded of once by email; 0 for never.',
    '60',
    integer(0, 10_080),
  ),
  CSP_PAYSTACK: variable(
    "Whether pages of this server may load Paystack's pop-up: on or off.",
    'off',
    z.enum(['on', 'off'], 'must be on or off').transform((value) => value === 'on'),
  ),
  TRUST_PROXY: variable('The number of proxies in front; 0 for none.', '0', integer(0, 10)),
  CORS_ORIGINS: variable('Other origins whose pages may call this API, separated by commas.', '', origins),
  LOG_LEVEL: variable(
    'The least important line that is logged.',
    'info',
    z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`),
  ),
  CALLS_PER_MINUTE: variable(
    'Procedure calls a minute in each process: per account for people who are signed in, per address for others, per reference for returns from paying.',
    '300',
    integer(1, 1_000_000),
  ),
  SIGN_INS_PER_MINUTE: variable(
    'Failed sign-ins, and registrations, a minute in all processes together, before an address is refused and an account delayed.',
    '10',
    integer(1, 10_000),
  ),
  MAX_IN_FLIGHT: variable(
    'Requests in flight at once; more are refused, the catalogue first.',
    '200',
    integer(1, 100_000),
  ),
  DRAIN_SECONDS: variable(
    'How long a stopping web process reports that it is not ready before it refuses connections.',
    '2',
    integer(0, 10),
  ),
  SWEEP_SECONDS: variable('How often a worker sweeps for unfinished work.', '30', integer(1, 3_600)),
  RECONCILE_MINUTES: variable(
    "How often a worker compares the recorded charges with Paystack's list.",
    '60',
    integer(1, 1_440),
  ),
} as const satisfies Record<string, ConfigVariable>;

export type VariableName = keyof typeof VARIABLES;

/** A secret may be given by a file instead: NAME_FILE is the path of the file that holds it. */
export type SecretFileVariable = `${VariableName}_FILE`;

/** Variables as text; an empty one counts as not set. */
export type Environment = Readonly<Partial<Record<VariableName | SecretFileVariable, string>>>;
