/** The two answers to a dispute: decline it with evidence, or give the money back. */
import type { StaffDispute, StaffOrder } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../../../parts/data/client.ts';
import { type FieldErrors, sayError } from '../../../../parts/data/errors.ts';
import { Button } from '../../../../parts/ui/button.tsx';
import { TextAreaField, TextField } from '../../../../parts/ui/field.tsx';
import { Money } from '../../../../parts/ui/money.tsx';
import { acceptInputOf, attachFile, declineInputOf, disputeDraftQuery, downloadReceipt } from '../../data/disputes.ts';
import { isAllowed } from '../../data/staff-actions.ts';
import { StaffAction } from '../../ui/staff-action.tsx';
import type { OrderActionProps } from './action-props.ts';

interface AnswerProps extends OrderActionProps {
  dispute: StaffDispute;
}

/** Equal to the server's limits. */
const MAX_MESSAGE = 500;
const MAX_DETAILS = 2_000;

const SENT = 'The answer is stored, and goes to Paystack now. This page shows when it is there.';

export function DeclineDispute({ order, dispute, onDone }: AnswerProps) {
  return (
    <StaffAction
      orderId={order.id}
      offered={isAllowed(order, 'declineDispute', dispute.id)}
      label="Decline"
      about={`the dispute of ${dispute.reference}`}
      title="Decline this dispute"
      working="Storing…"
      preview={async (form) => client.admin.previewAnswerDispute.mutate(declineInputOf(order.id, dispute, form))}
      act={async (form, shown, key) =>
        client.admin.answerDispute.mutate({ ...declineInputOf(order.id, dispute, form), ...shown, key })
      }
      done={SENT}
      onDone={onDone}
      fieldPrefix="evidence."
    >
      {(errors) => (
        <>
          <p>The bank decides with what is sent here. It can be sent once.</p>
          <Message hint="To the bank: why the payment is right." />
          <Evidence order={order} dispute={dispute} errors={errors} />
          <FileChoice order={order} dispute={dispute} />
        </>
      )}
    </StaffAction>
  );
}

export function AcceptDispute({ order, dispute, onDone }: AnswerProps) {
  return (
    <StaffAction
      orderId={order.id}
      offered={isAllowed(order, 'acceptDispute', dispute.id)}
      label="Give the money back"
      about={`for the dispute of ${dispute.reference}`}
      title="Accept this dispute"
      working="Storing…"
      dangerous
      preview={async (form) => client.admin.previewAnswerDispute.mutate(acceptInputOf(order.id, dispute, form))}
      act={async (form, shown, key) =>
        client.admin.answerDispute.mutate({ ...acceptInputOf(order.id, dispute, form), ...shown, key })
      }
      done={SENT}
      onDone={onDone}
    >
      <p>The dispute is lost with it. Paystack gives the money back by itself: no refund is needed besides.</p>
      <Amount order={order} dispute={dispute} />
      <Message hint="To the bank." />
      <FileChoice order={order} dispute={dispute} />
    </StaffAction>
  );
}

function Message({ hint }: { hint: string }) {
  return <TextAreaField label="Message" name="message" hint={hint} required rows={3} maxLength={MAX_MESSAGE} />;
}

function Amount({ order, dispute }: Pick<AnswerProps, 'order' | 'dispute'>) {
  const { data } = useQuery(disputeDraftQuery(order.id, dispute.id));
  return (
    <>
      {data === undefined ? null : (
        <p role="status">
          At most <Money amount={data.mostToAccept} currency={data.currency} /> can go back.
        </p>
      )}
      <TextField
        label={`A part in ${dispute.currency}`}
        name="amount"
        optional
        inputMode="decimal"
        pattern="[0-9.,]*"
        autoComplete="off"
        hint="Empty: all that can go back. Write 1500 or 1500.50."
      />
    </>
  );
}

function Evidence({ order, dispute, errors }: Pick<AnswerProps, 'order' | 'dispute'> & { errors: FieldErrors }) {
  const { data, error } = useQuery(disputeDraftQuery(order.id, dispute.id));
  if (error !== null) return <p className="line-problem">{sayError(error)}</p>;
  if (data === undefined) return <p className="faint">The evidence is being drafted from the order…</p>;
  const { evidence } = data;
  const field = (name: keyof typeof evidence, label: string) => ({
    label,
    name,
    defaultValue: evidence[name],
    ...(errors[name] === undefined ? {} : { error: errors[name] }),
  });
  return (
    <>
      <TextAreaField
        {...field('serviceDetails', 'What was sold, and how it was delivered')}
        hint="Drafted from the order; correct it as needed."
        required
        rows={5}
        maxLength={MAX_DETAILS}
      />
      <TextField {...field('customerName', 'Customer')} required maxLength={100} autoComplete="off" />
      <TextField {...field('customerEmail', 'Email')} type="email" required autoComplete="off" />
      <TextField {...field('customerPhone', 'Phone')} type="tel" required maxLength={60} autoComplete="off" />
      <TextField {...field('deliveryAddress', 'Delivered to')} optional maxLength={800} autoComplete="off" />
      <TextField {...field('deliveryDate', 'Delivered on')} type="date" optional />
    </>
  );
}

/** The file is attached as soon as it is chosen, so that a problem of it is seen before the answer is given. */
function FileChoice({ order, dispute }: { order: StaffOrder; dispute: StaffDispute }) {
  const [attached, setAttached] = useState<{ fileId: string; note: string }>({ fileId: '', note: '' });
  const choose = (file: File | undefined) => {
    if (file === undefined) return setAttached({ fileId: '', note: '' });
    setAttached({ fileId: '', note: 'Attaching…' });
    attachFile(order.id, file).then(
      (fileId) => setAttached({ fileId, note: `${file.name} is attached.` }),
      (error: unknown) => setAttached({ fileId: '', note: sayError(error) }),
    );
  };
  return (
    <div className="field">
      <label htmlFor="dispute-file">
        A file of your own<span className="field-optional"> (optional)</span>
      </label>
      <input
        id="dispute-file"
        type="file"
        accept="application/pdf,image/jpeg,image/png"
        aria-describedby="dispute-file-hint"
        onChange={(event) => choose(event.currentTarget.files?.[0])}
      />
      <input type="hidden" name="fileId" value={attached.fileId} readOnly />
      <p className="field-hint" id="dispute-file-hint">
        A PDF, JPEG or PNG of at most 5 MB, such as a signed delivery note. Without one, Paystack gets a receipt.
      </p>
      <p role="status">{attached.note}</p>
      <Button look="secondary" onClick={() => void downloadReceipt(order.id, dispute.id, order.code)}>
        Download the receipt
      </Button>
    </div>
  );
}
