import { type RoleProcess, startRole } from '../../dev/cluster/role-process.ts';
import { PAYSTACK_KEY, type TestApp } from './test-app.ts';
import { testMongoUri } from './test-mongo.ts';

/** For an app that starts roles beside itself: each then accepts the other's tokens. */
export const SHARED_JWT_SECRET = 'of thirty-two bytes at the very least';

interface RoleOfApp {
  name: string;
  entry: string;
  /** With ROLES. */
  env: Record<string, string>;
  /** Settings of an entry point with a clock of its own. */
  clock?: { since: number; factor: number };
  skewMs?: number;
}

/** A process on the database, sandbox and mailbox of the app. */
export function startRoleOf(app: TestApp, { name, entry, env, ...own }: RoleOfApp): Promise<RoleProcess> {
  return startRole({
    name,
    entry,
    settings: {
      ...own,
      env: {
        NODE_ENV: 'test',
        HOST: '127.0.0.1',
        PORT: '0',
        OPS_PORT: '0',
        DRAIN_SECONDS: '0',
        MONGODB_URI: testMongoUri(),
        PAYSTACK_SECRET_KEY: PAYSTACK_KEY,
        SENDGRID_API_KEY: 'SG.test.key',
        STOREFRONT_URL: 'http://storefront.example',
        SHIPPING_FEE: 'NGN 1500',
        JWT_SECRET: SHARED_JWT_SECRET,
        ...env,
      },
      paystackBaseUrl: app.sandbox.url,
      sendgridBaseUrl: app.mailbox.url,
      dbName: app.db.connection.name,
      appName: name,
    },
  });
}
