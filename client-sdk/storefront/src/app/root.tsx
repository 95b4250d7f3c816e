/** The whole page, as the server renders it and the browser takes it over. */
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import type { FirstData } from '../../../../models/contract/pages/first-data.ts';
import { App } from './app.tsx';
import { FirstDataContext } from './first-data.ts';

interface RootProps {
  queryClient: QueryClient;
  /** The queries that it answers are in the query client already. */
  first: FirstData & { address: string };
}

export function Root({ queryClient, first }: RootProps) {
  return (
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <FirstDataContext value={first}>
          <App />
        </FirstDataContext>
      </QueryClientProvider>
    </StrictMode>
  );
}
