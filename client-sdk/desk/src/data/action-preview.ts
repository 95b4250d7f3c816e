import { type ActionPreview, isOrdersError } from '@orders-module/client';
import { useEffect, useRef, useState } from 'react';

/** Typing pauses shorter than this start no preview. */
const PAUSE_MS = 300;

export type LoadPreview = (form: FormData) => Promise<ActionPreview>;

/**
 * The preview of an action for the form as it is: loaded once the form is valid, and again after each change of it. `null`
 * while it is loading, and if it failed: the action itself then shows the error.
 */
export function useActionPreview(load: LoadPreview | undefined) {
  const [preview, setPreview] = useState<ActionPreview | null>(null);
  const latest = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const follow = (form: HTMLFormElement, pauseMs = PAUSE_MS) => {
    clearTimeout(timer.current);
    latest.current += 1;
    const call = latest.current;
    setPreview(null);
    if (load === undefined || !form.matches(':valid')) return;
    timer.current = setTimeout(() => {
      load(new FormData(form)).then(
        (loaded) => (call === latest.current ? setPreview(loaded) : undefined),
        () => undefined,
      );
    }, pauseMs);
  };
  /** After an action that was refused because its preview is outdated. */
  const showOutdated = (error: unknown) => {
    if (isOrdersError(error, 'PREVIEW_OUTDATED')) setPreview(error.data.details.preview);
  };
  return { preview, follow, showOutdated };
}
