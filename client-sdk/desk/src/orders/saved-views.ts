/** Filters that this person has named, in this browser. */
import { useSyncExternalStore } from 'react';
import { sharedNotes } from '../../../parts/data/notes.ts';
import { type OrderFilters, readOrderFilters } from './order-filters.ts';

export interface SavedView {
  name: string;
  filters: OrderFilters;
}

const KEY = 'desk:views';
const CHANGED = 'desk:views';
/** More cannot be looked over. */
const MAX_VIEWS = 20;

let kept: { text: string | null; views: readonly SavedView[] } = { text: null, views: [] };

function readViews(): readonly SavedView[] {
  const text = sharedNotes.read(KEY);
  if (text !== kept.text) kept = { text, views: parse(text) };
  return kept.views;
}

function parse(text: string | null): SavedView[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? value.flatMap(viewOf) : [];
  } catch {
    return [];
  }
}

function viewOf(value: unknown): SavedView[] {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('filters' in value)) return [];
  const { name, filters } = value;
  if (typeof name !== 'string' || typeof filters !== 'object' || filters === null) return [];
  return [{ name, filters: readOrderFilters({ ...filters }) }];
}

function write(views: readonly SavedView[]): void {
  sharedNotes.keep(KEY, JSON.stringify(views));
  window.dispatchEvent(new Event(CHANGED));
}

/** A view of the same name is replaced. */
export function saveView(view: SavedView): void {
  const others = readViews().filter(({ name }) => name !== view.name);
  write([...others, view].slice(-MAX_VIEWS));
}

export function removeView(name: string): void {
  write(readViews().filter((view) => view.name !== name));
}

export function useSavedViews(): readonly SavedView[] {
  return useSyncExternalStore(subscribe, readViews);
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  window.addEventListener('storage', onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
    window.removeEventListener('storage', onChange);
  };
}
