/**
 * Small values in sessionStorage and localStorage. If the browser blocks storage they are kept in memory, so a caller
 * cannot rely on them after a page load.
 */

interface Notes {
  keep(name: string, text: string): void;
  read(name: string): string | null;
  drop(name: string): void;
}

function notesIn(storage: () => Storage): Notes {
  const inMemory = new Map<string, string>();
  // `storage` is a function because reading window.localStorage throws if storage is blocked.
  return {
    keep(name, text) {
      inMemory.set(name, text);
      try {
        storage().setItem(name, text);
        inMemory.delete(name);
      } catch {
        // Storage is blocked or full: the value stays in memory.
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
        // Storage is blocked, so it holds nothing.
      }
    },
  };
}

/** Of this tab, until it is closed. */
export const tabNotes = notesIn(() => window.sessionStorage);
/** Shared by all tabs. */
export const sharedNotes = notesIn(() => window.localStorage);
