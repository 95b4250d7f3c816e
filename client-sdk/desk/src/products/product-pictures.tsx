/** The pictures of a product in their order: chosen or dropped, described, moved and removed. */
import { pictureUrl } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { FormError } from '../../../parts/data/errors.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { TextField } from '../../../parts/ui/field.tsx';
import { ErrorNotice } from '../../../parts/ui/notice.tsx';
import { sayOutcome } from '../app/outcomes.tsx';
import {
  addPictures,
  choosePictures,
  MAX_PICTURES,
  moved,
  type Picture,
  type Sending,
  toChosen,
} from '../data/pictures.ts';
import type { StaffProductDetail } from '../data/products.ts';
import { IMAGE_TYPES, SendingInterrupted } from '../data/send-image.ts';
import { ConfirmAction } from '../ui/confirm-action.tsx';
import { Panel } from '../ui/panel.tsx';

interface PicturesProps {
  product: StaffProductDetail;
  mayEdit: boolean;
  onDone: () => void;
}

export function ProductPictures({ product, mayEdit, onDone }: PicturesProps) {
  const { pictures } = product;
  const change = useMutation({
    mutationFn: (next: Picture[]) => choosePictures(product, next.map(toChosen)),
    onSettled: onDone,
  });
  if (!mayEdit && pictures.length === 0) return null;
  return (
    <Panel id="pictures" title="Pictures">
      {pictures.length === 0 ? (
        <p className="faint">None yet: the shop shows a drawn pattern in their place.</p>
      ) : (
        <ol className="picture-tiles">
          {pictures.map((picture, index) => (
            <Tile
              key={picture.pictureId}
              product={product}
              picture={picture}
              index={index}
              mayEdit={mayEdit}
              onMove={(from, to) => (from === to ? undefined : change.mutate(moved(pictures, from, to)))}
              onDone={onDone}
            />
          ))}
        </ol>
      )}
      {change.isError ? <ErrorNotice error={change.error} ofChange /> : null}
      {mayEdit && pictures.length < MAX_PICTURES ? <AddPictures product={product} onDone={onDone} /> : null}
    </Panel>
  );
}

/** The data type of a tile that is dragged. */
const TILE = 'application/x-picture-place';

interface TileProps extends PicturesProps {
  picture: Picture;
  index: number;
  onMove: (from: number, to: number) => void;
}

function Tile({ product, picture, index, mayEdit, onMove, onDone }: TileProps) {
  const { pictureId, width, height, text } = picture;
  const last = product.pictures.length - 1;
  const name = `picture ${index + 1}`;
  const drop = (event: DragEvent) => {
    const from = event.dataTransfer.getData(TILE);
    if (from === '') return;
    event.preventDefault();
    event.stopPropagation();
    onMove(Number(from), index);
  };
  return (
    <li
      className="picture-tile"
      draggable={mayEdit}
      onDragStart={({ dataTransfer }) => dataTransfer.setData(TILE, String(index))}
      onDragOver={(event) => (event.dataTransfer.types.includes(TILE) ? event.preventDefault() : undefined)}
      onDrop={drop}
    >
      <img src={pictureUrl('', pictureId, 320)} alt={text} width={width} height={height} draggable={false} />
      <p className="picture-text">
        {index === 0 ? <span className="badge">first</span> : null} <bdi>{text}</bdi>
      </p>
      {mayEdit ? (
        <div className="picture-actions">
          <button
            type="button"
            className="link-button"
            aria-label={`Move ${name} forward`}
            disabled={index === 0}
            onClick={() => onMove(index, index - 1)}
          >
            ←
          </button>
          <button
            type="button"
            className="link-button"
            aria-label={`Move ${name} back`}
            disabled={index === last}
            onClick={() => onMove(index, index + 1)}
          >
            →
          </button>
          <Describe product={product} picture={picture} name={name} onDone={onDone} />
          <Remove product={product} picture={picture} name={name} onDone={onDone} />
        </div>
      ) : null}
    </li>
  );
}

type OneProps = Pick<TileProps, 'product' | 'picture' | 'onDone'> & { name: string };

function Describe({ product, picture, name, onDone }: OneProps) {
  return (
    <ConfirmAction
      label="Describe"
      about={name}
      title={`What does ${name} show?`}
      working="Saving…"
      act={(form) => {
        const text = String(form.get('text') ?? '').trim();
        const next = product.pictures.map((one) => (one.pictureId === picture.pictureId ? { ...one, text } : one));
        return choosePictures(product, next.map(toChosen));
      }}
      done="Saved."
      onDone={onDone}
      onFailed={onDone}
    >
      <TextField
        label="Description"
        name="text"
        required
        maxLength={200}
        defaultValue={picture.text}
        hint="Read aloud to those who cannot see the picture."
      />
    </ConfirmAction>
  );
}

function Remove({ product, picture, name, onDone }: OneProps) {
  return (
    <ConfirmAction
      label="Remove"
      about={name}
      title={`Remove ${name}?`}
      working="Removing…"
      dangerous
      act={() =>
        choosePictures(product, product.pictures.filter((one) => one.pictureId !== picture.pictureId).map(toChosen))
      }
      done="Removed."
      onDone={onDone}
      onFailed={onDone}
    >
      <p>The shop shows it no more. Orders that were placed with it keep it.</p>
    </ConfirmAction>
  );
}

function AddPictures({ product, onDone }: Pick<PicturesProps, 'product' | 'onDone'>) {
  const [sending, setSending] = useState<Sending | null>(null);
  const [isOver, setOver] = useState(false);
  const add = useMutation({
    mutationFn: (files: File[]) => addPictures(product, files, setSending),
    onSuccess: (count) =>
      sayOutcome(count === 1 ? 'The picture is in the shop.' : `${count} pictures are in the shop.`),
    onSettled: () => {
      setSending(null);
      onDone();
    },
  });
  const start = (files: FileList | null) => {
    if (files !== null && files.length > 0 && !add.isPending) add.mutate([...files]);
  };
  return (
    <>
      <label
        className={isOver ? 'drop-area drop-area-over' : 'drop-area'}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          start(event.dataTransfer.files);
        }}
      >
        <strong>Add pictures</strong>
        <span className="faint">
          Choose files or drop them here: JPEG, PNG, WebP or AVIF of at most 10 MB, up to {MAX_PICTURES} a product.
        </span>
        <input
          type="file"
          multiple
          accept={IMAGE_TYPES}
          className="visually-hidden"
          onChange={({ currentTarget }) => {
            start(currentTarget.files);
            // The same file may be chosen again.
            currentTarget.value = '';
          }}
        />
      </label>
      <div role="status">{sending === null ? null : <Progress sending={sending} />}</div>
      {add.isError ? <ErrorNotice error={add.error} ofChange={!(add.error instanceof FormError)} /> : null}
      {add.isError && mayRepeat(add.error) ? (
        <Button look="secondary" onClick={() => add.mutate(add.variables)}>
          Send {add.variables.length === 1 ? <bdi>{add.variables[0]?.name}</bdi> : `${add.variables.length} files`}{' '}
          again
        </Button>
      ) : null}
    </>
  );
}

/** Files that arrived already are known by their bytes. A file that was refused would be refused again. */
const mayRepeat = (error: unknown) => error instanceof SendingInterrupted || !(error instanceof FormError);

function Progress({ sending: { name, number, of, sent } }: { sending: Sending }) {
  const which = of === 1 ? name : `${name} (${number} of ${of})`;
  return (
    <p className="picture-progress">
      <bdi>{sent < 1 ? `Sending ${which}…` : `Preparing ${which}…`}</bdi>
      <progress value={sent < 1 ? sent : undefined} max={1} aria-label={`Sending ${which}`} />
    </p>
  );
}
