/** The staff's notes and tags on an order. Customers see neither. */
import type { StaffNote } from '@orders-module/client';
import { Link } from '@tanstack/react-router';
import { client } from '../../../parts/data/client.ts';
import { TextAreaField, TextField } from '../../../parts/ui/field.tsx';
import { Instant } from '../../../parts/ui/instant.tsx';
import { isAllowed, whyRefused } from '../data/staff-actions.ts';
import { ActorName } from '../ui/actor-name.tsx';
import { Panel } from '../ui/panel.tsx';
import { StaffAction } from '../ui/staff-action.tsx';
import { type OrderActionProps, textOf } from './actions/action-props.ts';

export function Notes({ order, onDone }: OrderActionProps) {
  const { id, notes, tags } = order;
  const why = whyRefused(order, 'addNote');
  return (
    <Panel id="notes" title="Notes and tags">
      {tags.length === 0 ? null : (
        <ul className="tags" aria-label="Tags">
          {tags.map((tag) => (
            <li key={tag}>
              <Link to="/orders" search={{ tag }} className="tag">
                <bdi>{tag}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {notes.length === 0 ? <p className="faint">No notes yet. Only staff see them.</p> : null}
      <ul className="entries">
        {notes.map((note) => (
          <li key={note.id} className="entry">
            <Note note={note} />
            <StaffAction
              orderId={id}
              offered={isAllowed(order, 'removeNote', note.id)}
              label="Remove"
              about={`the note “${note.text.slice(0, 40)}”`}
              title="Remove this note?"
              working="Removing…"
              dangerous
              act={() => client.admin.removeNote.mutate({ id, noteId: note.id })}
              done="The note is removed."
              onDone={onDone}
            >
              <Note note={note} />
            </StaffAction>
          </li>
        ))}
      </ul>
      <div className="actions">
        <StaffAction
          orderId={id}
          offered={isAllowed(order, 'addNote')}
          label="Add note"
          title="Add a note for your colleagues"
          working="Saving…"
          act={(form, _shown, key) => client.admin.addNote.mutate({ id, key, text: textOf(form, 'text') })}
          done="The note is saved."
          onDone={onDone}
        >
          {(errors) => <TextAreaField label="Note" name="text" rows={4} required maxLength={500} error={errors.text} />}
        </StaffAction>
        <StaffAction
          orderId={id}
          offered={isAllowed(order, 'setTags')}
          label="Edit tags"
          title="Tags of this order"
          working="Saving…"
          act={(form) => client.admin.setTags.mutate({ id, tags: tagsIn(textOf(form, 'tags')) })}
          done="The tags are saved."
          onDone={onDone}
        >
          {(errors) => (
            <TextField
              label="Tags"
              name="tags"
              autoComplete="off"
              defaultValue={tags.join(', ')}
              error={Object.values(errors)[0]}
              hint="Separated by commas, at most 10 of 40 characters. Orders are found by them."
            />
          )}
        </StaffAction>
      </div>
      {why === null ? null : <p className="faint">No further note: {why}.</p>}
    </Panel>
  );
}

function tagsIn(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function Note({ note: { text, at, by } }: { note: StaffNote }) {
  return (
    <div>
      <p className="note-text" dir="auto">
        {text}
      </p>
      <p className="faint">
        <ActorName actor={by} />, <Instant at={at} />
      </p>
    </div>
  );
}
