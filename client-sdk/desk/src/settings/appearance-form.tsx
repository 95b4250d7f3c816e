import { sendLogo } from '@orders-module/client';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { logoPath } from '../../../../models/contract/pages/looks.ts';
import { client } from '../../../parts/data/client.ts';
import { Button } from '../../../parts/ui/button.tsx';
import { FieldFrame } from '../../../parts/ui/field.tsx';
import { ErrorNotice, Notice } from '../../../parts/ui/notice.tsx';
import { IMAGE_TYPES, sendImage } from '../data/send-image.ts';
import { type Appearance, type ColourPreview, readAppearance } from '../data/shop-settings.ts';
import { SettingsForm } from './settings-form.tsx';

export function AppearanceForm({ stored }: { stored: Appearance }) {
  return (
    <SettingsForm
      id="looks"
      title="Logo and colour"
      stored={stored}
      save={(form, version) => client.admin.setAppearance.mutate({ version, ...readAppearance(form) })}
      done="Saved. Pages and emails follow within a few seconds."
    >
      {({ logo, colour }, errors) => (
        <>
          <LogoField stored={logo} error={errors.logo} />
          <ColourField stored={colour} error={errors.colour} />
        </>
      )}
    </SettingsForm>
  );
}

function LogoField({ stored, error }: { stored: Appearance['logo']; error: string | undefined }) {
  const [logo, setLogo] = useState(stored);
  const send = useMutation({ mutationFn: (file: File) => sendImage(file, sendLogo), onSuccess: setLogo });
  return (
    <div className="logo-field">
      <input type="hidden" name="logo" value={logo?.pictureId ?? ''} />
      {logo === null ? null : (
        <>
          <img
            className="logo-shown"
            src={logoPath(logo.pictureId)}
            width={logo.width}
            height={logo.height}
            alt="The logo"
          />
          <Button look="final" onClick={() => setLogo(null)}>
            Remove the logo
          </Button>
        </>
      )}
      <FieldFrame
        label={logo === null ? 'Logo' : 'Another logo'}
        name="file"
        optional
        hint="A JPEG, PNG, WebP or AVIF of at most 10 MB, shown up to 240 × 64 points, at the top of pages and emails. Without it, they show the name."
        error={error}
      >
        {(described) => (
          <input
            {...described}
            type="file"
            accept={IMAGE_TYPES}
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? [];
              if (file !== undefined) send.mutate(file);
              // The same file may be chosen again.
              currentTarget.value = '';
            }}
          />
        )}
      </FieldFrame>
      <p role="status" className="faint">
        {send.isPending ? 'Sending the logo…' : null}
        {!send.isPending && logo?.pictureId !== stored?.pictureId ? 'Not saved yet.' : null}
      </p>
      {send.isError ? <ErrorNotice error={send.error} /> : null}
    </div>
  );
}

/** Of the pages' own style sheets. */
const OWN_COLOUR = '#0b6e4f';

function ColourField({ stored, error }: { stored: string | null; error: string | undefined }) {
  const [colour, setColour] = useState(stored ?? '');
  const isWhole = /^#[0-9a-f]{6}$/i.test(colour);
  return (
    <>
      <FieldFrame
        label="Colour of links and buttons"
        name="colour"
        optional
        hint="Like #0b6e4f. Without it, the pages’ own green."
        error={error}
      >
        {(described) => (
          <div className="colour-field">
            <input
              type="color"
              aria-label="Pick the colour"
              value={isWhole ? colour.toLowerCase() : OWN_COLOUR}
              onChange={({ currentTarget }) => setColour(currentTarget.value)}
            />
            <input
              {...described}
              type="text"
              name="colour"
              maxLength={7}
              spellCheck={false}
              autoCapitalize="none"
              value={colour}
              onChange={({ currentTarget }) => setColour(currentTarget.value)}
            />
          </div>
        )}
      </FieldFrame>
      {isWhole ? <ColourShades colour={colour.toLowerCase()} /> : null}
    </>
  );
}

/** Waits until the picker rests. */
const PREVIEW_DELAY_MS = 250;

function ColourShades({ colour }: { colour: string }) {
  const [preview, setPreview] = useState<ColourPreview | null>(null);
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      // Saving shows why the server refuses it.
      client.admin.previewColour.mutate({ colour }).then(
        (read) => (isWanted ? setPreview(read) : undefined),
        () => undefined,
      );
    }, PREVIEW_DELAY_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [colour]);
  if (preview === null || preview.colour !== colour) return null;
  const { contrast, light, dark } = preview;
  const isKept = light === colour;
  return (
    <div role="status" className="shades">
      <span className="shade" style={{ background: light, color: '#ffffff' }}>
        {light} on light pages and in emails
      </span>
      <span className="shade" style={{ background: '#1a2027', color: dark }}>
        {dark} on dark pages
      </span>
      {isKept ? null : (
        <Notice tone="warn" title={`Text in ${colour} could not be read`}>
          <p>
            Its contrast is {contrast} : 1, and text needs 4.5 : 1 (WCAG AA). Light pages and emails take {light} in its
            place.
          </p>
        </Notice>
      )}
    </div>
  );
}
