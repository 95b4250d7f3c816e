/**
 * Small notes that the browser keeps over page loads: a tab's own, and those that all tabs share. Where storage is
 * blocked nothing is kept, and every reader must bear that.
 */

interface Notes {
  keep(name: string, text: string): void;
  read(name: string): string | null;
  drop(name: string): void;
}

function notesIn(storage: () => Storage): Notes {
  // Reading the property itself throws where storage is blocked.
  const attempt = <T>(act: (storage: Storage) => T): T | null => {
    try {
      return act(storage());
    } catch {
      return null;
    }
  };
  return {
    keep: (name, text) => attempt((kept) => kept.setItem(name, text)),
    read: (name) => attempt((kept) => kept.getItem(name)),
    drop: (name) => attempt((kept) => kept.removeItem(name)),
  };
}

/** Of this tab; they end with it. */
export const tabNotes = notesIn(() => window.sessionStorage);
/** Of every tab of this browser. */
export const sharedNotes = notesIn(() => window.localStorage);
