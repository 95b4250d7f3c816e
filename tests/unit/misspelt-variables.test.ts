/** Variables that are set in vain are named at the start; names of other programs are not. */
import { expect, test } from '@jest/globals';
import { CONFIG_VARIABLES, readEnv } from '../../server/config/config.ts';
import { describeMisspelt, findMeant } from '../../server/config/misspelt.ts';

const KNOWN = Object.keys(readEnv());

test.each([
  ['CALLS_PER_MIN', 'CALLS_PER_MINUTE'],
  ['CALL_PER_MINUTES', 'CALLS_PER_MINUTE'],
  ['calls_per_minute', 'CALLS_PER_MINUTE'],
  ['STOCK_HOLD_MINS', 'STOCK_HOLD_MINUTES'],
  ['SENDGRID_KEY', 'SENDGRID_API_KEY'],
  ['PAYSTACK_SECRET', 'PAYSTACK_SECRET_KEY'],
  ['PAYSTACK_KEY', 'PAYSTACK_SECRET_KEY'],
  ['MONGODB_URL', 'MONGODB_URI'],
  ['MONGO_URI', 'MONGODB_URI'],
  ['MONGO_URL', 'MONGODB_URI'],
  ['EMAIL_FROM_FILE', 'EMAIL_FROM'],
  ['EMAIL_REPLYTO', 'EMAIL_REPLY_TO'],
  ['SHOPNAME', 'SHOP_NAME'],
  ['SHOP_TIMEZONE', 'SHOP_TIME_ZONE'],
  ['TRUST_PROXIES', 'TRUST_PROXY'],
  ['CURENCY', 'CURRENCY'],
  ['ROLE', 'ROLES'],
  ['CORS_ORIGIN', 'CORS_ORIGINS'],
  ['JWT_SECRETS', 'JWT_SECRET'],
])('%s reminds of %s', (name, meant) => {
  expect(findMeant(name, KNOWN)).toBe(meant);
  const [sentence] = describeMisspelt([name], KNOWN);
  expect(sentence).toBe(`${name} is set, and it is no variable of this program, which ignores it. Is ${meant} meant?`);
});

test.each([
  'PATH',
  'HOME',
  'HOSTNAME',
  'POST',
  'PWD',
  'LANG',
  'LOGNAME',
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_VERSION',
  'HTTP_PROXY',
  'NO_PROXY',
  'KUBERNETES_SERVICE_PORT',
  'REDIS_PORT',
  'APP_PORT',
  'DATA_DIR',
  'SANDBOX_PORT',
  'MAILBOX_PORT',
  'PAYSTACK_PUBLIC_KEY',
  'npm_config_user_agent',
])('%s is another program’s', (name) => {
  expect(findMeant(name, KNOWN)).toBeNull();
});

test('none of our own names is taken for a misspelt one', () => {
  expect(describeMisspelt(KNOWN, KNOWN)).toEqual([]);
  expect(describeMisspelt(['CALLS_PER_MIN', 'PATH', 'CALLS_PER_MINUTE'], KNOWN)).toHaveLength(1);
  expect(KNOWN).toEqual(expect.arrayContaining(CONFIG_VARIABLES.map(({ name }) => name)));
});
