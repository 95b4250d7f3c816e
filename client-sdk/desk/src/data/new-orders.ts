/** Orders that were confirmed while the desk was open and that nobody has looked at: their number, and a sound. */
import { useSyncExternalStore } from 'react';

const SOUND_KEY = 'desk.sound';

let count = 0;
const listeners = new Set<() => void>();

function changed(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function addNewOrders(added: number): void {
  if (added === 0) return;
  count += added;
  changed();
  if (isSoundOn()) void ring();
}

/** When the list of orders is shown. */
export function forgetNewOrders(): void {
  if (count === 0) return;
  count = 0;
  changed();
}

export function useNewOrders(): number {
  return useSyncExternalStore(subscribe, () => count);
}

/** `(2) Today · Shop` for two new orders. */
export function titleWith(newOrders: number, title: string): string {
  const plain = title.replace(/^\(\d+\) /, '');
  return newOrders === 0 ? plain : `(${newOrders}) ${plain}`;
}

/** Kept in this browser. */
export function isSoundOn(): boolean {
  try {
    return localStorage.getItem(SOUND_KEY) === 'on';
  } catch {
    return false;
  }
}

/** Switching it on plays it once, so that the browser allows it from then on. */
export function switchSound(on: boolean): void {
  try {
    localStorage.setItem(SOUND_KEY, on ? 'on' : 'off');
  } catch {
    // Private windows may have no storage; the switch then stays off.
  }
  changed();
  if (on) void ring();
}

export function useSoundOn(): boolean {
  return useSyncExternalStore(subscribe, isSoundOn);
}

let audio: AudioContext | null = null;
const NOTES_HZ = [660, 880];
const NOTE_SECONDS = 0.14;

/** Two short notes, made here so that no file is loaded. Silent where the browser does not allow it. */
async function ring(): Promise<void> {
  try {
    audio ??= new AudioContext();
    await audio.resume();
    for (const [index, frequency] of NOTES_HZ.entries()) {
      const [tone, volume] = [audio.createOscillator(), audio.createGain()];
      const start = audio.currentTime + index * NOTE_SECONDS;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.2, start);
      volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + NOTE_SECONDS);
    }
  } catch {
    // The badge says the same.
  }
}
