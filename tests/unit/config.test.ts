/** Configuration: every problem at once, no secret repeated, and the documented list equal to what is read. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CONFIG_VARIABLES, ConfigError, type Environment, toConfig } from '../../server/config/config.ts';

const production: Environment = {
  PUBLIC_URL: 'https://api.shop.example/',
  STOREFRONT_URL: 'https://shop.example',
  MONGODB_URI: 'mongodb://db1,db2,db3/shop?replicaSet=rs',
  PAYSTACK_SECRET_KEY: 'sk_live_0123456789abcdef',
  SENDGRID_API_KEY: 'SG.abc.def',
  EMAIL_FROM: 'The Shop <orders@shop.example>',
  JWT_SECRET: 'a secret of at least thirty-two bytes',
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
      SHIPPING_FEE: '1500.50',
      TRUST_PROXY: '1',
      CORS_ORIGINS: 'https://a.example',
    });
    expect(config).toMatchObject({
      production: true,
      publicUrl: 'https://api.shop.example',
      shippingFee: 150_050,
      trustProxy: 1,
      corsOrigins: ['https://a.example'],
      emailFrom: { email: 'orders@shop.example', name: 'The Shop' },
      auth: { kind: 'own', lifetimeSeconds: 3600 },
      roles: ['web', 'worker'],
    });
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
    ['ROLES', 'web,web'],
    ['ROLES', 'cron'],
    ['PUBLIC_URL', 'http://api.shop.example'],
    ['PUBLIC_URL', 'https://user:pw@api.shop.example'],
    ['STOREFRONT_URL', 'javascript:alert(1)'],
    ['PAYSTACK_SECRET_KEY', 'sk_test_0123456789abcdef'],
    ['JWT_SECRET', 'short'],
    ['JWT_SECRET', 'for-development-only-and-refused-in-production'],
    ['JWKS_URL', 'http://id.example/keys'],
    ['SHIPPING_FEE', '1.999'],
    ['CURRENCY', 'EUR'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example/path'],
    ['NODE_ENV', 'prod'],
    ['LOG_LEVEL', 'loud'],
    ['EMAIL_FROM', 'nobody'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(Object.keys(problemsOf({ ...production, [name]: value }))).toEqual([name]);
  });

  test('all of it is told together, with what each variable is for', () => {
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

test('.env.example names every variable, with its purpose and its default, and nothing else', () => {
  const expected = CONFIG_VARIABLES.map(
    ({ name, purpose, default: fallback }) => `# ${purpose}\n# ${name}=${fallback ?? ''}`,
  );
  const [, ...entries] = readFileSync('.env.example', 'utf8').trim().split('\n\n');
  expect(entries).toEqual(expected);
});

test("the README's table of variables is this list, word for word", () => {
  const expected = CONFIG_VARIABLES.map(({ name, purpose, default: fallback, secret }) => {
    const shown = fallback === null || fallback === '' ? '–' : `\`${fallback}\``;
    return `| \`${name}\` | ${purpose}${secret ? ' Secret.' : ''} | ${shown} |`;
  });
  const table = /<!-- config:begin -->\n([\s\S]*?)\n<!-- config:end -->/.exec(readFileSync('README.md', 'utf8'))?.[1];
  const [, , ...rows] = table?.split('\n') ?? [];
  expect(rows).toEqual(expected);
});
