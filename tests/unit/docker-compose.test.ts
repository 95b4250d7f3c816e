/** docker-compose.yml, read as data: it cannot be run everywhere, and must still agree with the program. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONFIG_VARIABLES, toConfig } from '../../server/config/config.ts';

const ROOT = new URL('../../', import.meta.url);

const service = z.object({
  image: z.string(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  deploy: z.object({ replicas: z.int() }).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
const composeFile = z.object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) });

const text = readFileSync(new URL('docker-compose.yml', ROOT), 'utf8');
const { services, volumes } = composeFile.parse(parse(text, { merge: true }));

function get(name: string): z.infer<typeof service> {
  const found = services[name];
  if (!found) throw new Error(`there is no service ${name}`);
  return found;
}

const MEMBERS = ['mongo1', 'mongo2', 'mongo3'];
const PROGRAMS = ['migrate', 'web', 'worker'];

describe('the replica set', () => {
  test('has three members of one name, each with a volume of its own and a health check', () => {
    expect(Object.keys(services).filter((name) => /^mongo\d$/.test(name))).toEqual(MEMBERS);
    for (const name of MEMBERS) {
      const { command = [], volumes: mounted = [], healthcheck } = get(name);
      expect(command[command.indexOf('--replSet') + 1]).toBe('orders');
      expect(command).toContain('transactionLifetimeLimitSeconds=5');
      expect(mounted).toEqual([`${name}:/data/db`]);
      expect(volumes).toHaveProperty(name);
      expect(healthcheck).toBeDefined();
    }
  });

  test('is initiated once all are healthy, under the name and the hosts that the program connects to', () => {
    const { command = [], depends_on = {} } = get('mongo-init');
    expect(Object.keys(depends_on)).toEqual(MEMBERS);
    expect(command.join(' ')).toContain("_id: 'orders', members: [1, 2, 3]");
    for (const name of PROGRAMS) {
      const uri = new URL((get(name).environment?.MONGODB_URI ?? '').replaceAll(/:27017,/g, ','));
      expect(uri.searchParams.get('replicaSet')).toBe('orders');
      expect(uri.host.replace(/:\d+$/, '').split(',')).toEqual(MEMBERS);
    }
  });
});

describe('the programs', () => {
  test.each(PROGRAMS)('%s is given every variable of the configuration, and no other', (name) => {
    const given = Object.keys(get(name).environment ?? {});
    const known = CONFIG_VARIABLES.map((variable) => String(variable.name));
    const chosenPerRole = ['ROLES', 'HOST'];
    expect([...new Set([...given, ...chosenPerRole])].sort()).toEqual(known.sort());
  });

  test.each(['web', 'worker'])('%s plays its role, waits for the migration, and tells whether it is ready', (name) => {
    const { environment = {}, depends_on, healthcheck } = get(name);
    expect(environment.ROLES).toBe(name);
    expect(depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
    const port = name === 'web' ? environment.PORT : environment.OPS_PORT;
    expect(healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${port}/readyz`);
  });

  test('two webs and two workers run, and what the world reaches is the front that shares requests among the webs', () => {
    for (const name of ['web', 'worker']) expect(get(name)).toMatchObject({ deploy: { replicas: 2 } });
    const open = Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0);
    expect(open.map(([name]) => name)).toEqual(['front']);
    const { command = [], depends_on } = get('front');
    expect(command.slice(-2)).toEqual(['--to', `web:${get('web').environment?.PORT}`]);
    expect(depends_on).toEqual({ web: { condition: 'service_healthy' } });
    expect(get('web').environment?.TRUST_PROXY).toContain(':-1');
  });

  test('no secret has a value in the file, so that each deployment must bring its own', () => {
    const { environment = {} } = get('web');
    const secrets = CONFIG_VARIABLES.filter(({ secret, name }) => secret && name !== 'MONGODB_URI');
    for (const { name } of secrets) expect(environment[name]).toBe(`\${${name}:-}`);
  });

  test('with those that production needs, what the file gives is a configuration', () => {
    const needed = {
      PUBLIC_URL: 'https://api.shop.example',
      STOREFRONT_URL: 'https://shop.example',
      PAYSTACK_SECRET_KEY: 'sk_live_0123456789',
      SENDGRID_API_KEY: 'SG.key',
      EMAIL_FROM: 'orders@shop.example',
      JWT_SECRET: 'x'.repeat(32),
    };
    const fixed = Object.entries(get('web').environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/^\$\{\w+:-(.*)\}$/, '$1'),
    ]);
    expect(toConfig({ ...Object.fromEntries(fixed), ...needed })).toMatchObject({ production: true, roles: ['web'] });
  });
});

test('the image runs the program that the build makes', () => {
  const dockerfile = readFileSync(new URL('Dockerfile', ROOT), 'utf8');
  expect(dockerfile).toContain('CMD ["node", "dist/server/main.js"]');
  expect(dockerfile).toMatch(/^USER node$/m);
  const { engines } = z
    .object({ engines: z.object({ node: z.string() }) })
    .parse(JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')));
  const image = /^FROM node:(\d+)/m.exec(dockerfile)?.[1];
  expect(engines.node).toContain(`>=${image}.`);
});

const hasDocker = spawnSync('docker', ['compose', 'version']).status === 0;
test(hasDocker ? 'docker compose accepts the file' : 'docker compose is not here, so the file is only read', () => {
  if (hasDocker) execFileSync('docker', ['compose', 'config', '--quiet'], { cwd: ROOT });
  expect(text).not.toContain('\t');
});
