import { expect, test } from '@jest/globals';
import { toClusterVariables } from '../../dev/cluster/variables.ts';

test('a cluster listens on PORT and hands every other variable that is set to its processes', () => {
  const env = { STOCK_HOLD_MINUTES: '15', CALLS_PER_MINUTE: '30', SHIPPING_FEE: 'NGN 1500' };
  expect(toClusterVariables({ ...env, PORT: '4000', SHOP_NAME: '' })).toEqual({
    port: 4000,
    env,
  });
  expect(toClusterVariables({})).toEqual({ port: 3000, env: {} });
});

test.each(['HOST', 'OPS_PORT', 'ROLES', 'MONGODB_URI'])('a cluster refuses %s by its name', (name) => {
  const values = { HOST: '127.0.0.1', OPS_PORT: '3001', ROLES: 'web', MONGODB_URI: 'mongodb://127.0.0.1/x' };
  const one = Object.fromEntries(Object.entries(values).filter(([known]) => known === name));
  expect(() => toClusterVariables(one)).toThrow(`npm run cluster sets ${name} itself`);
});

test('a cluster refuses a value as the program does', () => {
  expect(() => toClusterVariables({ STOCK_HOLD_MINUTES: 'soon' })).toThrow('STOCK_HOLD_MINUTES must be');
});
