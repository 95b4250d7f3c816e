/**
 * docker-compose.yml agrees with the program. The test reads it as data, because Docker is not available everywhere.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { CONFIG_VARIABLES, toConfig } from '../../server/config/config.ts';
import { compose, composeText, interpolate, serviceOf } from '../support/compose-file.ts';
import { readStages, readWorkspaces } from '../support/docker-image.ts';

const ROOT = new URL('../../', import.meta.url);
const { services, volumes, secrets, configs } = compose;

const MEMBERS = ['mongo1', 'mongo2', 'mongo3'];
const PROGRAMS = ['web', 'worker'];
const COMMANDS = ['mongo-init', 'migrate'];

describe('the replica set', () => {
  test('has three members of one name, each with a volume of its own and a health check', () => {
    expect(Object.keys(services).filter((name) => /^mongo\d$/.test(name))).toEqual(MEMBERS);
    for (const name of MEMBERS) {
      const { command = [], volumes: mounted = [], healthcheck } = serviceOf(name);
      expect(command[command.indexOf('--replSet') + 1]).toBe('orders');
      expect(command).toContain('transactionLifetimeLimitSeconds=5');
      expect(mounted).toEqual([`${name}:/data/db`]);
      expect(volumes).toHaveProperty(name);
      expect(healthcheck).toBeDefined();
    }
  });

  test('requires credentials of every client and member, and has the supported version', () => {
    for (const name of MEMBERS) {
      const { image, entrypoint = [], command = [], secrets: given } = serviceOf(name);
      expect(image).toBe('mongo:8');
      const keyFile = command[command.indexOf('--keyFile') + 1];
      expect(keyFile).toMatch(/^\//);
      expect(command).not.toContain('--noauth');
      // mongod refuses a key file that other users can read, and one that it cannot read itself.
      expect(interpolate(entrypoint.join(' '))).toContain(
        `install -m 400 -o mongodb -g mongodb /run/secrets/mongodb_key ${keyFile} && exec docker-entrypoint.sh "$@"`,
      );
      expect(given).toEqual(['mongodb_key']);
    }
  });

  test('is prepared from the network of the first member, once all are healthy', () => {
    const { command, depends_on = {}, network_mode, secrets: given } = serviceOf('mongo-init');
    expect(Object.keys(depends_on)).toEqual(MEMBERS);
    for (const { condition } of Object.values(depends_on)) expect(condition).toBe('service_healthy');
    expect(network_mode).toBe('service:mongo1');
    expect(command).toEqual([
      ...['node', 'dist/server/commands/init-replica-set.js'],
      ...['--admin-password-file', '/run/secrets/mongodb_admin_password'],
    ]);
    expect(given).toEqual(['mongodb_uri', 'mongodb_admin_password']);
    // The address is a secret too; the file explains how to create it.
    expect(composeText).toContain('@mongo1,mongo2,mongo3/orders?replicaSet=orders" > secrets/mongodb-uri');
  });
});

describe('the programs', () => {
  test.each(PROGRAMS)('%s is given every variable of the configuration, and no other', (name) => {
    const given = Object.keys(serviceOf(name).environment ?? {});
    const known = CONFIG_VARIABLES.map(({ name: variable, secret }) => (secret ? `${variable}_FILE` : variable));
    const chosenPerRole = ['ROLES', 'HOST'];
    expect([...new Set([...given, ...chosenPerRole])].sort()).toEqual(known.sort());
  });

  test.each(COMMANDS)('%s is given the address of the database, and no other secret of the program', (name) => {
    const { environment, secrets: given = [] } = serviceOf(name);
    expect(environment).toEqual({ MONGODB_URI_FILE: '/run/secrets/mongodb_uri' });
    expect(given).not.toContain('paystack_secret_key');
  });

  test('the migration follows the preparation of the replica set', () => {
    const { command, depends_on } = serviceOf('migrate');
    expect(command).toEqual(['node', 'dist/server/commands/migrate.js']);
    expect(depends_on).toEqual({ 'mongo-init': { condition: 'service_completed_successfully' } });
  });

  test.each(['web', 'worker'])('%s has its role, waits for the migration, and reports whether it is ready', (name) => {
    const { environment = {}, depends_on, healthcheck } = serviceOf(name);
    expect(environment.ROLES).toBe(name);
    expect(depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    expect(healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${environment.OPS_PORT}/readyz`);
    expect(environment.OPS_PORT).not.toBe(environment.PORT);
  });

  test('two webs and two workers run, and what the world reaches is the front that shares requests among the webs', () => {
    for (const name of ['web', 'worker']) expect(serviceOf(name)).toMatchObject({ deploy: { replicas: 2 } });
    const open = Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0);
    expect(open.map(([name]) => name)).toEqual(['front']);
    const { configs: mounted, depends_on } = serviceOf('front');
    expect(mounted).toEqual([{ source: 'caddyfile', target: '/etc/caddy/Caddyfile' }]);
    expect(configs.caddyfile?.content).toContain(`reverse_proxy web:${serviceOf('web').environment?.PORT}\n`);
    expect(depends_on).toEqual({ web: { condition: 'service_healthy' } });
    expect(serviceOf('web').environment?.TRUST_PROXY).toContain(':-1');
  });

  test('the routes of operators stay inside: the front reaches only the shoppers’ port, and no other is published', () => {
    const lines = configs.caddyfile?.content.split('\n').map((line) => line.trim()) ?? [];
    expect(lines).toEqual([':80 {', `reverse_proxy web:${serviceOf('web').environment?.PORT}`, '}', '']);
    expect(serviceOf('front').ports).toEqual([expect.stringMatching(/:80$/)]);
    expect(serviceOf('worker').environment?.HOST).toBe('127.0.0.1');
  });

  test('every secret comes from a file that each deployment brings, and goes only where it is used', () => {
    for (const [name, { file }] of Object.entries(secrets))
      expect(file).toBe(`\${SECRETS_DIR:-./secrets}/${name.replaceAll('_', '-')}`);
    for (const ignored of ['.gitignore', '.dockerignore'])
      expect(readFileSync(new URL(ignored, ROOT), 'utf8')).toMatch(/^secrets\/?$/m);
    for (const name of PROGRAMS) {
      const { environment = {}, secrets: given = [] } = serviceOf(name);
      const paths = CONFIG_VARIABLES.filter(({ secret }) => secret).map(
        (variable) => environment[`${variable.name}_FILE`],
      );
      expect(paths).toEqual(given.map((secret) => `/run/secrets/${secret}`));
      expect(given.filter((secret) => !(secret in secrets))).toEqual([]);
    }
    expect(serviceOf('front').secrets).toBeUndefined();
  });

  test('with those that production needs, what the file gives is a configuration', () => {
    const needed = {
      PUBLIC_URL: 'https://api.shop.example',
      STOREFRONT_URL: 'https://shop.example',
      EMAIL_FROM: 'orders@shop.example',
      MONGODB_URI: 'mongodb://orders:password@mongo1,mongo2,mongo3/orders?replicaSet=orders',
      PAYSTACK_SECRET_KEY: 'sk_live_0123456789',
      SENDGRID_API_KEY: 'SG.key',
      JWT_SECRET: 'x'.repeat(32),
      // These exist only in the image; the test of the built image checks them.
      STOREFRONT_DIR: '',
      DESK_DIR: '',
    };
    const fixed = Object.entries(serviceOf('web').environment ?? {})
      .filter(([name]) => !name.endsWith('_FILE'))
      .map(([name, value]) => [name, interpolate(value)]);
    expect(toConfig({ ...Object.fromEntries(fixed), ...needed })).toMatchObject({ production: true, roles: ['web'] });
  });
});

describe('the image', () => {
  const dockerfile = readFileSync(new URL('Dockerfile', ROOT), 'utf8');

  test('runs the program that the build makes, as a user who is not root', () => {
    expect(dockerfile).toContain('CMD ["node", "dist/server/main.js"]');
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('has the Node of .nvmrc in every stage, and it is one that package.json supports', () => {
    const version = readFileSync(new URL('.nvmrc', ROOT), 'utf8').trim();
    expect(new Set(readStages().map(({ base }) => base))).toEqual(new Set([`node:${version}-slim`]));
    const { engines } = z
      .object({ engines: z.object({ node: z.string() }) })
      .parse(JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')));
    const [, least, below] = /^>=(\d+)\.\d+ <(\d+)$/.exec(engines.node) ?? [];
    expect(Number(version)).toBeGreaterThanOrEqual(Number(least));
    expect(Number(version)).toBeLessThan(Number(below));
  });

  test('installs what every workspace needs', () => {
    for (const workspace of readWorkspaces())
      expect(dockerfile).toContain(`COPY ${workspace}/package.json ${workspace}/package.json\n`);
  });

  test.each(['storefront', 'desk'])('holds the %s where the web processes look for it', (app) => {
    const name = `${app.toUpperCase()}_DIR`;
    // With `:-`, an empty variable could not switch it off.
    expect(serviceOf('web').environment?.[name]).toBe(`\${${name}-/app/${app}}`);
    const [, image = ''] = dockerfile.split('\nWORKDIR /app\n').slice(-2);
    expect(image).toContain(`\nCOPY --from=build /app/client-sdk/${app}/dist ${app}\n`);
  });
});

const hasDocker = spawnSync('docker', ['compose', 'version']).status === 0;
test(hasDocker ? 'docker compose accepts the file' : 'docker compose is not here, so the file is only read', () => {
  if (hasDocker) execFileSync('docker', ['compose', 'config', '--quiet'], { cwd: ROOT });
  expect(composeText).not.toContain('\t');
});
