/** The bar of what can be done with the chosen orders. */
import { formatMoney, PAYMENT_STATUS_WORDS, type StaffOrderSummary } from '@orders-module/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../../parts/data/account.ts';
import { client } from '../../../parts/data/client.ts';
import { sayError } from '../../../parts/data/errors.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { Dialog } from '../../../parts/ui/dialog.tsx';
import { TextField } from '../../../parts/ui/field.tsx';
import { toCsv } from '../data/csv.ts';
import { saveText } from '../data/save-text.ts';
import { FULFILMENT_WORDS } from '../ui/words.ts';
import type { Selection } from './order-selection.ts';

type Orders = readonly StaffOrderSummary[];

/** As many as fit into the address of the page that gets them. */
const PRINTED_AT_ONCE = 50;
const SHIPPED_AT_ONCE = 100;

const sayDeed = (deed: string, chosen: number, most: number) => (chosen > most ? `${deed} the first ${most}` : deed);

export function ChosenOrders({ selection }: { selection: Selection<StaffOrderSummary> }) {
  const { selected, clear } = selection;
  const maySend = useMay('shipMany');
  const mayTag = useMay('setTags');
  const mayExport = useMay('exportOrders');
  if (selected.length === 0) return null;
  const printed = selected.slice(0, PRINTED_AT_ONCE).map(({ id }) => id);
  const shipped = selected.slice(0, SHIPPED_AT_ONCE).map(({ code }) => code);
  return (
    <section className="chosen" aria-label="Chosen orders">
      <p role="status">{selected.length === 1 ? '1 order chosen' : `${selected.length} orders chosen`}</p>
      <div className="actions">
        {maySend ? (
          <Link to="/ship-many" search={{ orders: shipped.join(',') }} className="button button-primary">
            {sayDeed('Ship', selected.length, SHIPPED_AT_ONCE)}
          </Link>
        ) : null}
        <Link to="/print" search={{ what: 'slips', orders: printed.join(',') }} className="button button-secondary">
          {sayDeed('Print', selected.length, PRINTED_AT_ONCE)}
        </Link>
        {mayTag ? <TagOrders orders={selected} /> : null}
        {mayExport ? (
          <Button look="secondary" onClick={() => exportOrders(selected)}>
            Export
          </Button>
        ) : null}
        <Button look="quiet" onClick={clear}>
          Choose none
        </Button>
      </div>
    </section>
  );
}

/** Amounts in major units, their currency in a column of its own, and ISO dates. */
function exportOrders(orders: Orders): void {
  const head = ['order', 'placed', 'name', 'email', 'items', 'total', 'currency', 'payment', 'fulfilment', 'tags'];
  const rows = orders.map(
    ({ code, createdAt, name, email, itemCount, total, currency, paymentStatus, status, tags }) => [
      code,
      createdAt,
      name,
      email,
      itemCount,
      formatMoney({ amount: total, currency }).replace(/[^\d.-]/g, ''),
      currency,
      PAYMENT_STATUS_WORDS[paymentStatus],
      FULFILMENT_WORDS[status],
      tags.join('; '),
    ],
  );
  saveText(toCsv([head, ...rows]), 'orders.csv');
}

function TagOrders({ orders }: { orders: Orders }) {
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const tag = useMutation({
    mutationFn: (name: string) => Promise.all(orders.map((order) => addTag(order, name))),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['staff', 'orders'] }),
  });
  const close = () => {
    setOpen(false);
    tag.reset();
  };
  return (
    <>
      <Button look="secondary" onClick={() => setOpen(true)}>
        Tag
      </Button>
      {isOpen ? (
        <Dialog
          title={orders.length === 1 ? 'Tag the chosen order' : `Tag the ${orders.length} chosen orders`}
          confirm={tag.isSuccess ? 'Close' : 'Tag'}
          working="Saving…"
          isWorking={tag.isPending}
          error={tag.error}
          onConfirm={(form) => (tag.isSuccess ? close() : tag.mutate(String(form.get('tag') ?? '').trim()))}
          onClose={close}
        >
          {tag.data === undefined ? (
            <TextField label="Tag" name="tag" required maxLength={40} autoComplete="off" />
          ) : (
            <div role="status">
              <ul className="effect-list">
                {tag.data.map(({ code, said }) => (
                  <li key={code}>
                    <span className="whole">
                      <span className="code">{code}</span>:
                    </span>{' '}
                    {said}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </Dialog>
      ) : null}
    </>
  );
}

/** An order that refuses the tag does not keep the others from it. */
async function addTag({ id, code, tags }: StaffOrderSummary, name: string): Promise<{ code: string; said: string }> {
  if (tags.includes(name)) return { code, said: 'has it already' };
  try {
    await client.admin.setTags.mutate({ id, tags: [...tags, name] });
    return { code, said: 'tagged' };
  } catch (error) {
    return { code, said: sayError(error) };
  }
}
