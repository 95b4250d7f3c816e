/**
 * Small notes that the browser keeps over page loads: a tab's own, and those that all tabs share. Where storage is
 * blocked they last as long as the page, and every reader must bear that.
 */

interface Notes {
  keep(name: string, text: string): void;
  read(name: string): string | null;
  drop(name: string): void;
}

function notesIn(storage: () => Storage): Notes {
  const inMemory = new Map<string, string>();
  // Reading the property itself throws where storage is blocked.
  return {
    keep(name, text) {
      inMemory.set(name, text);
      try {
        storage().setItem(name, text);
        inMemory.delete(name);
      } catch {
        // Kept in memory alone.
      }
    },
    read(name) {
      try {
        return inMemory.get(name) ?? storage().getItem(name);
      } catch {
        return inMemory.get(name) ?? null;
      }
    },
    drop(name) {
      inMemory.delete(name);
      try {
        storage().removeItem(name);
      } catch {
        // Nothing was kept there.
      }
    },
  };
}

/** Of this tab; they end with it. */
export const tabNotes = notesIn(() => window.sessionStorage);
/** Of every tab of this browser. */
export const sharedNotes = notesIn(() => window.localStorage);
