/** Configuration: all problems in one error, no secret in it, and a documented list that equals the variables read. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { toCommandConfig } from '../../server/commands/command-config.ts';
import { CONFIG_VARIABLES, ConfigError, type Environment, readEnv, toConfig } from '../../server/config/config.ts';
import { startHints } from '../../server/config/start-hints.ts';

const production: Environment = {
  PUBLIC_URL: 'https://api.shop.example/',
  STOREFRONT_URL: 'https://shop.example',
  MONGODB_URI: 'mongodb://db1,db2,db3/shop?replicaSet=rs',
  PAYSTACK_SECRET_KEY: 'sk_live_0123456789abcdef',
  SENDGRID_API_KEY: 'SG.abc.def',
  EMAIL_FROM: 'The Shop <orders@shop.example>',
  JWT_SECRET: 'a secret of at least thirty-two bytes',
  SENDGRID_WEBHOOK_KEY: generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64'),
};

function problemsOf(env: Environment): Record<string, string> {
  try {
    toConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ name, problem }) => [name, problem]));
  }
  return {};
}

describe('a good environment', () => {
  test('becomes a whole configuration, production unless it says otherwise', () => {
    const config = toConfig({
      ...production,
      SHIPPING_FEE: 'NGN 1500.50, USD 5',
      TRUST_PROXY: '1',
      CORS_ORIGINS: 'https://a.example',
    });
    expect(config).toMatchObject({
      production: true,
      publicUrl: 'https://api.shop.example',
      shippingFees: [
        { amount: 150_050, currency: 'NGN' },
        { amount: 5_00, currency: 'USD' },
      ],
      trustProxy: 1,
      corsOrigins: ['https://a.example'],
      emailFrom: { email: 'orders@shop.example', name: 'The Shop' },
      auth: { kind: 'own', lifetimes: { customerMs: 30 * 86_400_000, staffMs: 12 * 3_600_000 } },
      roles: ['web', 'worker'],
      paymentChannels: [],
      remindUnpaidMinutes: 60,
      paystackPopup: false,
    });
  });

  test('PAYMENT_CHANNELS is a list of Paystack’s words', () => {
    const { paymentChannels } = toConfig({ ...production, PAYMENT_CHANNELS: 'bank_transfer, card' });
    expect(paymentChannels).toEqual(['bank_transfer', 'card']);
    const { PAYMENT_CHANNELS } = problemsOf({ ...production, PAYMENT_CHANNELS: 'card,cash' });
    expect(PAYMENT_CHANNELS).toMatch(/^must be a list of card, bank, .*, separated by commas, not "card,cash"$/);
  });

  test.each([
    ['29', '', 1],
    ['29', 'card,bank_transfer', 1],
    ['29', 'card', 0],
    ['30', '', 0],
    ['0', '', 0],
  ])('a hold of %s minutes with PAYMENT_CHANNELS=%s gives %i hints', (STOCK_HOLD_MINUTES, PAYMENT_CHANNELS, count) => {
    expect(startHints(toConfig({ ...production, STOCK_HOLD_MINUTES, PAYMENT_CHANNELS }))).toHaveLength(count);
  });

  test('production without a key for SendGrid’s reports is told that bounces are not seen', () => {
    expect(startHints(toConfig({ ...production, SENDGRID_WEBHOOK_KEY: '' }))).toEqual([
      expect.stringMatching(/^SENDGRID_WEBHOOK_KEY is not set/),
    ]);
    expect(startHints(toConfig({ NODE_ENV: 'development' }))).toEqual([]);
  });

  test('development needs nothing', () => {
    expect(toConfig({ NODE_ENV: 'development' })).toMatchObject({
      production: false,
      mongodbUri: '',
      trustProxy: false,
    });
  });

  test('JWKS_URL takes the place of our own tokens', () => {
    const { JWT_SECRET: _, ...rest } = production;
    expect(toConfig({ ...rest, JWKS_URL: 'https://id.example/keys' }).auth).toMatchObject({ kind: 'jwks' });
  });
});

describe('the shop’s name and its emails', () => {
  test.each([
    ['orders@shop.example', 'orders@shop.example', null],
    ['Ada & Sons <o@x.example>', 'o@x.example', 'Ada & Sons'],
    ['"Ada, Sons" <o@x.example>', 'o@x.example', 'Ada, Sons'],
    ['"Ada <the shop>" <o@x.example>', 'o@x.example', 'Ada <the shop>'],
    [String.raw`"Ada \"the\" \\ shop" <o@x.example>`, 'o@x.example', String.raw`Ada "the" \ shop`],
    ['"Ada, Sons <o@x.example>"', 'o@x.example', 'Ada, Sons'],
    ["'Ada, Sons <o@x.example>'", 'o@x.example', 'Ada, Sons'],
    ['"o@x.example"', 'o@x.example', null],
    ['"" <o@x.example>', 'o@x.example', null],
    ['<o@x.example>', 'o@x.example', null],
    ["'Ada' <o@x.example>", 'o@x.example', 'Ada'],
    ["Ada's <o@x.example>", 'o@x.example', "Ada's"],
    ['Ada <o@münchen.example>', 'o@xn--mnchen-3ya.example', 'Ada'],
    ['\u200bAda\u200b <O@X.example>', 'o@x.example', 'Ada'],
  ])('EMAIL_FROM=%s is an address and the name that people read', (EMAIL_FROM, email, name) => {
    expect(toConfig({ ...production, EMAIL_FROM }).emailFrom).toEqual({ email, name });
  });

  test('emails go to SendGrid’s usual host and are answered to their sender, unless set', () => {
    const usual = { sendgridBaseUrl: 'https://api.sendgrid.com', emailReplyTo: null };
    expect(toConfig(production)).toMatchObject(usual);
    for (const [SENDGRID_BASE_URL, EMAIL_REPLY_TO, emailReplyTo] of [
      ['https://api.eu.sendgrid.com', 'help@shop.example', 'help@shop.example'],
      ['HTTPS://API.EU.SendGrid.com/', 'help@münchen.example', 'help@xn--mnchen-3ya.example'],
    ] as const)
      expect(toConfig({ ...production, SENDGRID_BASE_URL, EMAIL_REPLY_TO })).toMatchObject({
        sendgridBaseUrl: 'https://api.eu.sendgrid.com',
        emailReplyTo,
      });
  });

  test('SHOP_NAME is what people see of it', () => {
    expect(toConfig({ ...production, SHOP_NAME: ' Ọjà\u200b  Market ' }).shopName).toBe('Ọjà Market');
  });
});

describe('a bad environment', () => {
  test('an empty one is refused with every missing variable at once', () => {
    expect(Object.keys(problemsOf({})).sort()).toEqual([
      'EMAIL_FROM',
      'JWT_SECRET',
      'MONGODB_URI',
      'PAYSTACK_SECRET_KEY',
      'PUBLIC_URL',
      'SENDGRID_API_KEY',
      'STOREFRONT_URL',
    ]);
  });

  test.each<[keyof Environment & string, string]>([
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PORT', '8e3'],
    ['OPS_PORT', '3000'],
    ['ROLES', 'web,web'],
    ['ROLES', 'cron'],
    ['PUBLIC_URL', 'http://api.shop.example'],
    ['PUBLIC_URL', 'https://user:pw@api.shop.example'],
    ['STOREFRONT_URL', 'javascript:alert(1)'],
    ['PAYSTACK_SECRET_KEY', 'sk_test_0123456789abcdef'],
    ['JWT_SECRET', 'short'],
    ['JWT_SECRET', 'for-development-only-and-refused-in-production'],
    ['JWKS_URL', 'http://id.example/keys'],
    ['SHIPPING_FEE', 'NGN 1.999'],
    ['CURRENCY', 'EUR'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['NODE_ENV', 'prod'],
    ['LOG_LEVEL', 'loud'],
    ['CSP_PAYSTACK', 'yes'],
    ['REMIND_UNPAID_MINUTES', '1.5'],
    ['SHOP_NAME', '\u200b'],
    ['SHOP_NAME', '\u0301\u2060'],
    ['EMAIL_FROM', 'nobody'],
    ['EMAIL_FROM', '"Ada <orders@shop.example>'],
    ['EMAIL_FROM', 'Ada" <orders@shop.example>'],
    ['EMAIL_FROM', '"Ada\\q" <orders@shop.example>'],
    ['SENDGRID_WEBHOOK_KEY', 'MFkw'],
    ['EMAIL_REPLY_TO', 'Ada <help@shop.example>'],
    ['EMAIL_REPLY_TO', 'a@shop.example, b@shop.example'],
    ['SENDGRID_BASE_URL', 'https://api.sendgrid.com.evil.example'],
    ['SENDGRID_BASE_URL', 'http://api.sendgrid.com'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(Object.keys(problemsOf({ ...production, [name]: value }))).toEqual([name]);
  });

  test('is reported as a whole, with the purpose of each variable', () => {
    const attempt = () => toConfig({ ...production, PORT: 'x', CURRENCY: 'EUR', MONGODB_URI: '' });
    expect(attempt).toThrow(/PORT must be[\s\S]+CURRENCY must be[\s\S]+MONGODB_URI is missing[^\n]+\(The replica set/);
  });

  test.each(CONFIG_VARIABLES.filter(({ secret }) => secret).map(({ name }) => name))(
    "%s's value is never repeated",
    (name) => {
      const [problem] = Object.values(problemsOf({ ...production, [name]: 'canary' }));
      expect(problem).toBeDefined();
      expect(problem).not.toContain('canary');
    },
  );
});

describe('fees of delivery', () => {
  test.each([
    ['1500', 'NGN', [{ amount: 150_000, currency: 'NGN' }]],
    ['5', 'USD', [{ amount: 5_00, currency: 'USD' }]],
    [
      'ngn 1500, USD 5.5',
      'USD',
      [
        { amount: 150_000, currency: 'NGN' },
        { amount: 5_50, currency: 'USD' },
      ],
    ],
    ['NGN 0', 'NGN', [{ amount: 0, currency: 'NGN' }]],
  ])('SHIPPING_FEE=%s with CURRENCY=%s is money, each in its currency', (SHIPPING_FEE, CURRENCY, shippingFees) => {
    expect(toConfig({ ...production, SHIPPING_FEE, CURRENCY }).shippingFees).toEqual(shippingFees);
  });

  test.each([
    ['NGN 1,500', /^must be an amount with its currency, like NGN 1500 or NGN 1500, USD 5.50, not "500"$/],
    ['1500, 5', /not "1500"$/],
    ['₦1500', /not "₦1500"$/],
    ['NGN 1500 USD 5', /not "NGN 1500 USD 5"$/],
    ['NGN 1500, EUR 5', /^names EUR, which is not one of NGN, GHS/],
    ['NGN 1500, NGN 5', /^names NGN twice$/],
    ['USD 5', /^must have a fee in NGN, the currency of new prices \(CURRENCY\); NGN 0 is free delivery$/],
    ['NGN 100000001', /not "NGN 100000001"$/],
  ])('SHIPPING_FEE=%s is refused in words', (SHIPPING_FEE, words) => {
    expect(problemsOf({ ...production, SHIPPING_FEE }).SHIPPING_FEE).toMatch(words);
  });
});

describe('a secret in a file', () => {
  const SECRETS = ['MONGODB_URI', 'PAYSTACK_SECRET_KEY', 'SENDGRID_API_KEY', 'JWT_SECRET'] as const;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-secrets-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const fileOf = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  /** `production` with one secret given by its file alone. */
  const withFile = (name: (typeof SECRETS)[number], path: string): Environment => {
    const { [name]: _, ...rest } = production;
    return { ...rest, [`${name}_FILE`]: path };
  };

  test('is taken for every variable that is one', () => {
    expect(CONFIG_VARIABLES.filter(({ secret }) => secret).map(({ name }) => name)).toEqual(SECRETS);
  });

  test.each(['', '\n', '\r\n'])('counts as if the variable held it, a newline %j at its end removed', (ending) => {
    const names = SECRETS.map((name) => [`${name}_FILE`, fileOf(name, `${production[name]}${ending}`)]);
    const others = Object.entries(production).filter(([name]) => !SECRETS.some((secret) => secret === name));
    expect(toConfig(Object.fromEntries([...others, ...names]))).toEqual(toConfig(production));
  });

  test.each(SECRETS)('and in %s too is refused, without telling either', (name) => {
    const problems = problemsOf({ ...production, [`${name}_FILE`]: fileOf('canary', 'canary') });
    expect(problems).toEqual({ [name]: `is given twice, by itself and by ${name}_FILE: unset one of them` });
  });

  test.each(SECRETS)('that cannot be read for %s is reported by variable and path', (name) => {
    const missing = join(folder, 'nowhere');
    const told = (path: string, code: string) => ({
      [name]: `cannot be read from ${path}, which ${name}_FILE names (${code})`,
    });
    expect(problemsOf(withFile(name, missing))).toEqual(told(missing, 'ENOENT'));
    expect(problemsOf(withFile(name, folder))).toEqual(told(folder, 'EISDIR'));
  });

  test('is not taken for a path: what is no absolute one may be the secret itself, and is not repeated', () => {
    const [problem] = Object.values(problemsOf(withFile('PAYSTACK_SECRET_KEY', 'sk_live_canary')));
    expect(problem).toBe('cannot be read: PAYSTACK_SECRET_KEY_FILE must be an absolute path');
  });

  test.each(SECRETS)('that is not a valid %s is refused without telling it', (name) => {
    const problems = problemsOf(withFile(name, fileOf('canary', 'canary')));
    expect(Object.keys(problems)).toEqual([name]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  test('that is empty counts as not set, and so does an empty NAME_FILE', () => {
    const empty = problemsOf(withFile('JWT_SECRET', fileOf('empty', '\n')));
    expect(empty).toEqual({ JWT_SECRET: 'is missing; production needs it, or JWKS_URL' });
    expect(problemsOf(withFile('JWT_SECRET', ''))).toEqual(empty);
    expect(toConfig({ ...production, JWT_SECRET_FILE: '' })).toEqual(toConfig(production));
  });

  test('is read for a command only when the command needs it', () => {
    const env: Environment = {
      MONGODB_URI_FILE: fileOf('uri', 'mongodb://db1/shop?replicaSet=rs\n'),
      JWT_SECRET_FILE: join(folder, 'nowhere'),
    };
    expect(toCommandConfig(env, ['MONGODB_URI']).mongodbUri).toBe('mongodb://db1/shop?replicaSet=rs');
    const broken = { ...env, MONGODB_URI_FILE: join(folder, 'nowhere') };
    expect(() => toCommandConfig(broken, ['MONGODB_URI'])).toThrow(/MONGODB_URI cannot be read from .+nowhere/);
  });

  test('is named by the environment: NAME_FILE for each secret and for no other variable', () => {
    const files = Object.keys(readEnv()).filter((name) => name.endsWith('_FILE'));
    expect(files).toEqual(SECRETS.map((name) => `${name}_FILE`));
  });
});

test.each([
  ['STOREFRONT_DIR', 'storefrontDir'],
  ['DESK_DIR', 'deskDir'],
] as const)('%s is a folder that holds its page, and no other', (name, setting) => {
  const folder = mkdtempSync(join(tmpdir(), 'orders-pages-'));
  try {
    expect(problemsOf({ ...production, [name]: folder })).toEqual({
      [name]: expect.stringContaining('must be a folder that holds an index.html'),
    });
    writeFileSync(join(folder, 'index.html'), '');
    expect(toConfig({ ...production, [name]: folder })[setting]).toBe(folder);
    expect(toConfig(production)[setting]).toBeNull();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('.env.example names every variable, with its purpose and its default, and nothing else', () => {
  const expected = CONFIG_VARIABLES.map(
    ({ name, purpose, default: fallback, secret }) =>
      `# ${purpose}\n# ${name}=${fallback ?? ''}${secret ? `\n# ${name}_FILE=` : ''}`,
  );
  const [, ...entries] = readFileSync('.env.example', 'utf8').trim().split('\n\n');
  expect(entries).toEqual(expected);
});

test('the table of variables in docs/configuration.md is this list, word for word', () => {
  const expected = CONFIG_VARIABLES.map(({ name, purpose, default: fallback, secret }) => {
    const shown = fallback === null || fallback === '' ? '–' : `\`${fallback}\``;
    return `| \`${name}\` | ${purpose}${secret ? ` Secret, or its file by \`${name}_FILE\`.` : ''} | ${shown} |`;
  });
  const table = /<!-- config:begin -->\n([\s\S]*?)\n<!-- config:end -->/.exec(
    readFileSync('docs/configuration.md', 'utf8'),
  )?.[1];
  const [, , ...rows] = table?.split('\n') ?? [];
  expect(rows).toEqual(expected);
});
