/** The state of the payment that a return link shows to anybody, without a private detail. */
import { useQuery } from '@tanstack/react-query';
import type { ReturnedPayment } from '../../../../../models/contract/pages/first-data.ts';
import { VERIFY_STATUSES } from '../../../../../models/contract/statuses.ts';
import { Notice, type Tone } from '../../../../parts/ui/notice.tsx';
import { useFirstData } from '../../app/first-data.ts';

/** While the payment is open; the route shares one verify call among all who wait. */
const LOOK_EVERY_MS = 4_000;

/** The payment of this order, when the visit began at its address soon after the payment; null otherwise. */
export function useReturnedPayment(id: string): ReturnedPayment | null {
  const { returned } = useFirstData();
  return returned?.orderId === id ? returned : null;
}

/** `next`: what the visitor may do to see more. */
export function PaymentState({ of, next }: { of: ReturnedPayment; next: string }) {
  const { reference, code } = of;
  const { data: state } = useQuery({
    queryKey: ['returned', reference],
    queryFn: ({ signal }) => readState(reference, signal),
    initialData: stateOf(of),
    initialDataUpdatedAt: 0,
    refetchInterval: ({ state: { data } }) => (data === 'pending' || data === 'review' ? LOOK_EVERY_MS : false),
  });
  const { tone, title, text } = WORDS[state];
  return (
    <div className="page page-form returned">
      <Notice tone={tone} role="status" title={title(code)}>
        <p>
          {text} {next}
        </p>
      </Notice>
    </div>
  );
}

type State = ReturnedPayment['status'] | 'review';

function stateOf({ status, inReview }: Pick<ReturnedPayment, 'status' | 'inReview'>): State {
  return status === 'pending' && inReview ? 'review' : status;
}

const WORDS: Readonly<Record<State, { tone: Tone; title: (code: string) => string; text: string }>> = {
  paid: {
    tone: 'good',
    title: (code) => `The payment for order ${code} has been received`,
    text: 'The confirmation comes to you by email.',
  },
  pending: {
    tone: 'info',
    title: (code) => `No payment for order ${code} has come in yet`,
    text: 'If you have paid, nothing is lost: you hear by email as soon as the bank confirms it.',
  },
  review: {
    tone: 'info',
    title: (code) => `The payment for order ${code} has come in and is being checked`,
    text: 'Nothing is lost, and please do not pay again: you hear by email what becomes of it.',
  },
  failed: {
    tone: 'warn',
    title: (code) => `The payment for order ${code} did not go through`,
    text: 'You were not charged.',
  },
  cancelled: {
    tone: 'warn',
    title: (code) => `Order ${code} is cancelled`,
    text: 'If you have paid for it, the money goes back by itself.',
  },
};

async function readState(reference: string, signal: AbortSignal): Promise<State> {
  const path = `/orders/verify-payment/${encodeURIComponent(reference)}`;
  const reply = await fetch(path, { headers: { accept: 'application/json' }, signal });
  const body: unknown = await reply.json();
  const { status, inReview }: { status?: unknown; inReview?: unknown } = typeof body === 'object' ? { ...body } : {};
  const known = VERIFY_STATUSES.find((one) => one === status);
  if (known === undefined) throw new Error('The shop did not say the state of the payment.');
  return stateOf({ status: known, ...(inReview === true ? { inReview } : {}) });
}
