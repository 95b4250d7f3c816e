/**
 * `npm run audit`: proves from the books that every order, unit and amount is accounted for. Prints what it asked and what
 * it found; exits 0 for clean books, 1 for any violation, 2 when the audit could not be done.
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
