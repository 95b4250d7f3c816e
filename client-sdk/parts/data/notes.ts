/**
 * Small values in sessionStorage and localStorage. If the browser blocks storage they are kept in memory, so a caller
 * cannot rely on them after a page load.
 */

interface Notes {
  keep(name: string, text: string): void;
  read(name: string): string | null;
  drop(name: string): void;
  /** Drops each whose name begins like this. */
  dropAll(beginning: string): void;
}

function notesIn(storage: () => Storage): Notes {
  const inMemory = new Map<string, string>();
  const drop = (name: string) => {
    inMemory.delete(name);
    try {
      storage().removeItem(name);
    } catch {
      // Storage is blocked, so it holds nothing.
    }
  };
  const names = () => {
    try {
      return [...inMemory.keys(), ...Object.keys(storage())];
    } catch {
      return [...inMemory.keys()];
    }
  };
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
    drop,
    dropAll(beginning) {
      for (const name of names().filter((one) => one.startsWith(beginning))) drop(name);
    },
  };
}

/** The beginning of the names of notes with what somebody typed, which go when they sign out. */
export const TYPED = 'draft:';

/** Of this tab, until it is closed. */
export const tabNotes = notesIn(() => window.sessionStorage);
/** Shared by all tabs. */
export const sharedNotes = notesIn(() => window.localStorage);
