/** The contact and the address of the order, its corrections, and the values before them. */
import type { StaffOrder } from '@orders-module/client';
import { useMay } from '../../../parts/data/account.ts';
import { countryName, readAddress } from '../../../parts/data/address.ts';
import { client } from '../../../parts/data/client.ts';
import { FormError } from '../../../parts/data/errors.ts';
import { AddressBlock } from '../../../parts/ui/address-block.tsx';
import { AddressFields } from '../../../parts/ui/address-fields.tsx';
import { TextField } from '../../../parts/ui/field.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { isAllowed, whyRefused } from '../data/staff-actions.ts';
import { ActorName } from '../ui/actor-name.tsx';
import { Panel } from '../ui/panel.tsx';
import { StaffAction } from '../ui/staff-action.tsx';
import { FIELD_WORDS } from '../ui/words.ts';
import { type OrderActionProps, textOf } from './actions/action-props.ts';
import { ContactLinks } from './contact-links.tsx';

export function DeliverTo({ order, onDone }: OrderActionProps) {
  const why = useMay('correctAddress') ? whyRefused(order, 'correctAddress') : null;
  return (
    <Panel id="deliver-to" title="Deliver to">
      <AddressBlock address={order.shippingAddress} />
      <p className="faint contact">
        For <bdi>{order.name}</bdi>, <bdi>{order.email}</bdi>
      </p>
      <ContactLinks order={order} />
      <Differences order={order} />
      <div className="actions">
        <CorrectAddress order={order} onDone={onDone} />
        <CorrectContact order={order} onDone={onDone} />
      </div>
      {why === null ? null : <p className="faint">The address cannot be corrected: {why}.</p>}
    </Panel>
  );
}

/** The differences from the checkout, because the price was made for what was entered there. */
function Differences({ order: { differs } }: { order: StaffOrder }) {
  if (differs.length === 0) return null;
  return (
    <div className="differs">
      <p>Corrected after the checkout; the price stays as it was paid.</p>
      <dl>
        {differs.map(({ of, field, atCheckout }) => (
          <div key={`${of} ${field}`}>
            <dt>
              {of === 'contact' ? `Contact’s ${FIELD_WORDS[field].toLowerCase()}` : FIELD_WORDS[field]} at the checkout
            </dt>
            <dd>
              <bdi>{field === 'country' && atCheckout !== null ? countryName(atCheckout) : (atCheckout ?? 'none')}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function CorrectAddress({ order, onDone }: OrderActionProps) {
  const { id, shippingAddress } = order;
  return (
    <StaffAction
      orderId={id}
      offered={isAllowed(order, 'correctAddress')}
      label="Correct address"
      title="Where does the rest of this order go?"
      working="Saving…"
      fieldPrefix="address."
      act={async (form) => {
        const read = readAddress(form);
        if ('errors' in read) throw new FormError(Object.values(read.errors).join(' '));
        return client.admin.correctAddress.mutate({ id, address: read.address });
      }}
      done={saySaved}
      onDone={onDone}
    >
      {(errors) => (
        <>
          <p>The price stays as it was paid, wherever the parcel goes. Parcels that have left keep their address.</p>
          <AddressFields initial={shippingAddress} errors={errors} />
        </>
      )}
    </StaffAction>
  );
}

function saySaved({ differs }: StaffOrder): string {
  const fields = [...new Set(differs.map(({ field }) => FIELD_WORDS[field].toLowerCase()))];
  if (fields.length === 0) return 'Saved. It is now as it was at the checkout.';
  return `Saved. Different from the checkout: ${fields.join(', ')}. The price stays as it was paid.`;
}

function CorrectContact({ order, onDone }: OrderActionProps) {
  const { id, name, email, emails, shippingAddress } = order;
  const unsent = emails.filter(({ state }) => state === 'parked').length;
  return (
    <StaffAction
      orderId={id}
      offered={isAllowed(order, 'correctContact')}
      label="Correct contact"
      title="Whom do we write to about this order?"
      working="Saving…"
      act={(form) =>
        client.admin.correctContact.mutate({
          id,
          email: textOf(form, 'email'),
          name: textOf(form, 'name'),
          phone: textOf(form, 'phone'),
        })
      }
      done={saySaved}
      onDone={onDone}
    >
      {(errors) => (
        <>
          <p>Only this order changes; the customer’s account keeps its email.</p>
          {unsent === 0 ? null : (
            <p>
              With another email, {unsent === 1 ? 'the email' : `the ${unsent} emails`} that could not be sent{' '}
              {unsent === 1 ? 'is' : 'are'} sent there.
            </p>
          )}
          <TextField label="Email" name="email" type="email" required defaultValue={email} error={errors.email} />
          <TextField label="Name" name="name" required maxLength={100} defaultValue={name} error={errors.name} />
          <TextField
            label="Phone"
            name="phone"
            type="tel"
            required
            maxLength={60}
            defaultValue={shippingAddress.phone}
            error={errors.phone}
          />
        </>
      )}
    </StaffAction>
  );
}

/** The values that corrections replaced, with a way to delete them: they are a person's data. */
export function EarlierValues({ order, onDone }: OrderActionProps) {
  const { id, corrections } = order;
  if (corrections.length === 0) return null;
  return (
    <Panel id="corrections" title="Before the corrections">
      <ul className="entries">
        {corrections.map(({ at, by, was: { address, ...was } }) => (
          <li key={at} className="entry">
            <div>
              <p className="faint">
                Until <Instant at={at} />, corrected by <ActorName actor={by} />
              </p>
              {Object.entries(was).map(([field, value]) => (
                <p key={field}>
                  <bdi>{value}</bdi>
                </p>
              ))}
              {address === undefined ? null : <AddressBlock address={address} />}
            </div>
          </li>
        ))}
      </ul>
      <StaffAction
        orderId={id}
        offered={isAllowed(order, 'emptyCorrections')}
        label="Delete these"
        about="earlier values"
        title="Delete the earlier values?"
        working="Deleting…"
        dangerous
        act={() => client.admin.emptyCorrections.mutate({ id })}
        done="The earlier values are deleted."
        onDone={onDone}
      >
        <p>The order keeps its corrected contact and address. What was entered at the checkout is kept with it.</p>
      </StaffAction>
    </Panel>
  );
}
