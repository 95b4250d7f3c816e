/** `npm run audit` when no database answers; it waits for one as long as every process does. */
import { expect, test } from '@jest/globals';
import { auditCommand } from '../../server/commands/audit-command.ts';
import { systemClock } from '../../server/context/system-ports.ts';

test('the audit exits 2, and says so, when the database cannot be reached', async () => {
  const complaints: string[] = [];
  const exitCode = await auditCommand({
    args: [],
    env: { MONGODB_URI: 'mongodb://127.0.0.1:9/none?directConnection=true' },
    clock: systemClock,
    print: () => {
      throw new Error('there is nothing to print');
    },
    complain: (text) => complaints.push(text),
    connectPaystack: () => {
      throw new Error('no call to Paystack is needed');
    },
  });
  expect(exitCode).toBe(2);
  expect(complaints.join()).toContain('The audit could not be done');
});
