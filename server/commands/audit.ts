/**
 * `npm run audit`: checks that every order, unit and amount in the database is accounted for. Exits 0 without a violation,
 * 1 with any, 2 when the audit could not be done.
 */
import { readEnv } from '../config/config.ts';
import { systemClock, systemRandom } from '../context/system-ports.ts';
import { createLogger } from '../observability/logger.ts';
import { createPaystackService } from '../paystack/service.ts';
import { auditCommand } from './audit-command.ts';

process.exitCode = await auditCommand({
  args: process.argv.slice(2),
  env: readEnv(),
  clock: systemClock,
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  connectPaystack: ({ paystackSecretKey }) =>
    createPaystackService({
      secretKey: paystackSecretKey,
      clock: systemClock,
      random: systemRandom,
      log: createLogger({ level: 'silent', pretty: false }),
    }),
});
