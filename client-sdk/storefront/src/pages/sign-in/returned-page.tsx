/** An order's address without a session, as after paying in another app's browser: the state of the payment, then the sign-in. */
import { useQuery } from '@tanstack/react-query';
import type { ReturnedPayment } from '../../../../../models/contract/pages/first-data.ts';
import { VERIFY_STATUSES } from '../../../../../models/contract/statuses.ts';
import { Notice, type Tone } from '../../../../parts/ui/notice.tsx';
import { useFirstData } from '../../app/first-data.ts';
import { SignInPage } from './sign-in-page.tsx';

/** While the payment is open; the route shares one verify call among all who wait. */
const LOOK_EVERY_MS = 4_000;

export function ReturnedPage({ id }: { id: string }) {
  const { returned } = useFirstData();
  return (
    <>
      {returned?.orderId === id ? <PaymentState of={returned} /> : null}
      <SignInPage mode="sign-in" inPlace next={null} />
    </>
  );
}

function PaymentState({ of }: { of: ReturnedPayment }) {
  const { reference, code } = of;
  const { data: status } = useQuery({
    queryKey: ['returned', reference],
    queryFn: ({ signal }) => readStatus(reference, signal),
    initialData: of.status,
    initialDataUpdatedAt: 0,
    refetchInterval: ({ state }) => (state.data === 'pending' ? LOOK_EVERY_MS : false),
  });
  const { tone, title, text } = WORDS[status];
  return (
    <div className="page page-form returned">
      <Notice tone={tone} role="status" title={title(code)}>
        <p>{text}</p>
      </Notice>
    </div>
  );
}

const WORDS: Readonly<
  Record<ReturnedPayment['status'], { tone: Tone; title: (code: string) => string; text: string }>
> = {
  paid: {
    tone: 'good',
    title: (code) => `The payment for order ${code} has been received`,
    text: 'The confirmation comes to you by email. Sign in to see the order and follow it.',
  },
  pending: {
    tone: 'info',
    title: (code) => `The payment for order ${code} is being checked`,
    text: 'If you have paid, nothing is lost: you hear by email as soon as the bank confirms it. Sign in to see the order.',
  },
  failed: {
    tone: 'warn',
    title: (code) => `The payment for order ${code} did not go through`,
    text: 'You were not charged. Sign in to try again.',
  },
  cancelled: {
    tone: 'warn',
    title: (code) => `Order ${code} is cancelled`,
    text: 'If you have paid for it, the money goes back by itself. Sign in to see more.',
  },
};

async function readStatus(reference: string, signal: AbortSignal): Promise<ReturnedPayment['status']> {
  const path = `/orders/verify-payment/${encodeURIComponent(reference)}`;
  const reply = await fetch(path, { headers: { accept: 'application/json' }, signal });
  const body: unknown = await reply.json();
  const status = typeof body === 'object' && body !== null && 'status' in body ? body.status : undefined;
  const known = VERIFY_STATUSES.find((one) => one === status);
  if (known === undefined) throw new Error('The shop did not say the state of the payment.');
  return known;
}
