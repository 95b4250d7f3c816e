import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../parts/ui/button.tsx';
import { Dialog } from '../../../parts/ui/dialog.tsx';
import { TextField } from '../../../parts/ui/field.tsx';
import { countFilters, type OrderFilters } from './order-filters.ts';
import { removeView, saveView, useSavedViews } from './saved-views.ts';

/** The views that this person has saved, and a way to save the one that is shown. */
export function SavedViews({ filters }: { filters: OrderFilters }) {
  const views = useSavedViews();
  const [isNaming, setNaming] = useState(false);
  const canSave = countFilters(filters) > 0 || filters.q !== undefined;
  if (views.length === 0 && !canSave) return null;
  return (
    <div className="views">
      {views.map((view) => (
        <span key={view.name} className="view">
          <Link to="/orders" search={view.filters}>
            <bdi>{view.name}</bdi>
          </Link>
          <button type="button" onClick={() => removeView(view.name)} aria-label={`Remove the view ${view.name}`}>
            <X aria-hidden="true" />
          </button>
        </span>
      ))}
      {canSave ? (
        <Button look="quiet" onClick={() => setNaming(true)}>
          Save this view
        </Button>
      ) : null}
      {isNaming ? (
        <Dialog
          title="Save this view"
          confirm="Save"
          working="Saving…"
          isWorking={false}
          error={null}
          onConfirm={(form) => {
            const name = String(form.get('name') ?? '').trim();
            if (name !== '') saveView({ name, filters });
            setNaming(false);
          }}
          onClose={() => setNaming(false)}
        >
          <p>Its tab, search and filters stay in this browser, under a name of yours.</p>
          <TextField label="Name" name="name" required maxLength={40} autoComplete="off" />
        </Dialog>
      ) : null}
    </div>
  );
}
