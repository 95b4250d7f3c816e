/** The texts of a form, kept in this tab until it is saved or its writer signs out. A reload or an ended session loses nothing. */
import { useState } from 'react';
import { TYPED, tabNotes } from '../../../parts/data/notes.ts';
import { currentSession } from '../../../parts/data/session.ts';

export type Draft = Readonly<Record<string, string>>;

export function useDraft(name: string) {
  const note = `${TYPED}${currentSession()?.user.id}:${name}`;
  const [initial] = useState<Draft>(() => parse(tabNotes.read(note)));
  return {
    initial,
    keep: (form: HTMLFormElement) => {
      const entries = [...new FormData(form)].filter(([, value]) => typeof value === 'string');
      tabNotes.keep(note, JSON.stringify(Object.fromEntries(entries)));
    },
    drop: () => tabNotes.drop(note),
  };
}

function parse(text: string | null): Draft {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one === 'string'));
  } catch {
    return {};
  }
}
