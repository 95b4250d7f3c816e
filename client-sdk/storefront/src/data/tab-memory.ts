/** Small notes that a tab keeps for itself over page loads. Where storage is blocked nothing is kept, and nothing breaks. */

export function keepNote(name: string, text: string): void {
  try {
    window.sessionStorage.setItem(name, text);
  } catch {
    // Blocked: the note is lost, which every reader must bear anyway.
  }
}

export function readNote(name: string): string | null {
  try {
    return window.sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

export function dropNote(name: string): void {
  try {
    window.sessionStorage.removeItem(name);
  } catch {
    // Blocked: there is none.
  }
}
