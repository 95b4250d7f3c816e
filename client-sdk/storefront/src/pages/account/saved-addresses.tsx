import type { SavedAddress } from '@orders-module/client';
import { useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { readAddress } from '../../../../parts/data/address.ts';
import { useCheckedForm } from '../../../../parts/sign-in/checked-form.ts';
import { AddressBlock } from '../../../../parts/ui/address-block.tsx';
import { AddressFields } from '../../../../parts/ui/address-fields.tsx';
import { Button } from '../../../../parts/ui/button.tsx';
import { FailedState } from '../../../../parts/ui/empty-state.tsx';
import { Loading, Skeleton } from '../../../../parts/ui/loading.tsx';
import { ErrorNotice } from '../../../../parts/ui/notice.tsx';
import { addressesQuery, useRemoveAddress, useSaveAddress } from '../../data/my-account.ts';

/** The address that is edited: none, a new one, or one that is saved. */
type Editing = null | 'new' | SavedAddress;

export function SavedAddresses() {
  const addresses = useQuery(addressesQuery);
  const [editing, setEditing] = useState<Editing>(null);
  return (
    <section className="panel form" aria-labelledby="addresses">
      <div>
        <h2 id="addresses">Your addresses</h2>
        <p className="faint">Offered at checkout. The one that you used last comes first.</p>
      </div>
      {/* Above the list, so that it stays where it is when the list arrives. */}
      {editing === null ? (
        <Button look="secondary" onClick={() => setEditing('new')}>
          Add an address
        </Button>
      ) : null}
      {addresses.isPending ? (
        <Loading what="your addresses">
          <Skeleton size="half" />
        </Loading>
      ) : null}
      {addresses.data?.length === 0 ? <p className="faint">None yet.</p> : null}
      {addresses.isLoadingError ? <FailedState error={addresses.error} onRetry={() => addresses.refetch()} /> : null}
      {addresses.data === undefined || addresses.data.length === 0 ? null : (
        <ul className="rows">
          {addresses.data.map((saved) => (
            <AddressRow key={saved.id} saved={saved} onEdit={() => setEditing(saved)} />
          ))}
        </ul>
      )}
      {editing === null ? null : (
        <AddressForm
          key={editing === 'new' ? 'new' : editing.id}
          saved={editing === 'new' ? undefined : editing}
          onDone={() => setEditing(null)}
        />
      )}
    </section>
  );
}

function AddressRow({ saved: { id, address }, onEdit }: { saved: SavedAddress; onEdit: () => void }) {
  const remove = useRemoveAddress();
  const which = <span className="visually-hidden"> the address {address.line1}</span>;
  return (
    <li>
      <div className="row-text">
        <AddressBlock address={address} />
        {remove.isError ? <ErrorNotice error={remove.error} /> : null}
      </div>
      <div className="actions">
        <Button look="secondary" onClick={onEdit}>
          Change{which}
        </Button>
        <Button look="secondary" busy={remove.isPending && 'Removing…'} onClick={() => remove.mutate(id)}>
          Remove{which}
        </Button>
      </div>
    </li>
  );
}

function AddressForm({ saved, onDone }: { saved: SavedAddress | undefined; onDone: () => void }) {
  const save = useSaveAddress();
  const { form, errors, check, isSaidByFields } = useCheckedForm(save.error, 'address.');
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (save.isPending) return;
    const read = readAddress(new FormData(event.currentTarget));
    const address = check('address' in read ? { value: read.address } : read);
    if (address !== null) save.mutate({ id: saved?.id, address }, { onSuccess: onDone });
  };
  return (
    <form ref={form} className="form" aria-label="Address" onSubmit={submit} noValidate>
      {save.isError && !isSaidByFields ? <ErrorNotice error={save.error} /> : null}
      <AddressFields initial={saved?.address ?? {}} errors={errors} />
      <div className="actions">
        <Button type="submit" busy={save.isPending && 'Saving…'}>
          Save the address
        </Button>
        <Button look="secondary" onClick={onDone}>
          Go back
        </Button>
      </div>
    </form>
  );
}
