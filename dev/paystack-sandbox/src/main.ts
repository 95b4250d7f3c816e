/** The sandbox as a program of its own, configured by environment variables; see README.md. */
import { readEnvironment } from './environment.ts';
import type { PaystackSandbox } from './sandbox.ts';
import { startPaystackSandbox } from './start.ts';

function usage({ url }: PaystackSandbox, webhookUrl: string | null): string {
  return [
    `The Paystack sandbox listens on ${url}; no money moves.`,
    '',
    `  API        ${url}, with the header "Authorization: Bearer $PAYSTACK_SECRET_KEY"`,
    `  controls   ${url}/__sandbox, JSON from this machine only`,
    `  webhooks   ${webhookUrl ?? 'recorded and not sent: set WEBHOOK_URL, or PUT /__sandbox/webhook-url'}`,
    '',
    `  curl -X POST ${url}/transaction/initialize -H "Authorization: Bearer $PAYSTACK_SECRET_KEY" \\`,
    `    -H 'Content-Type: application/json' -d '{"email": "ada@example.com", "amount": 150000, "currency": "NGN"}'`,
    '',
    'Open the authorization_url of the reply in a browser to pay with a test card. Ctrl-C stops the sandbox.',
  ].join('\n');
}

async function main(): Promise<void> {
  const environment = readEnvironment();
  if (!environment.ok) {
    console.error(environment.problems.join('\n'));
    process.exitCode = 2;
    return;
  }
  const { options } = environment;
  const sandbox = await startPaystackSandbox({ ...options, log: (line) => console.log(line) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
  console.log(usage(sandbox, options.webhookUrl ?? null));
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
