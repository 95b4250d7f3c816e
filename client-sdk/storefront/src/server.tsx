/** Renders pages on the server: the frame, and what is the same for everybody. Built into one file without imports. */
import { QueryClient } from '@tanstack/react-query';
import { renderToString } from 'react-dom/server';
import type { FirstData } from '../../../models/contract/pages/first-data.ts';
import { answerQueries } from './app/first-data.ts';
import { Root } from './app/root.tsx';
import { renderAt } from './app/router.tsx';

/** The content of #root. `address`: path and query. */
export function render(address: string, first: FirstData): string {
  const queryClient = new QueryClient();
  answerQueries(queryClient, first);
  return renderAt(address, () => renderToString(<Root queryClient={queryClient} first={{ ...first, address }} />));
}
