import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { queryClient } from '../../../parts/data/query-client.ts';
import { Outcomes } from './outcomes.tsx';
import { router } from './router.tsx';

/** The server's content security policy refuses style elements, so Base UI must make none. */
export function Desk() {
  return (
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queryClient}>
          <Outcomes>
            <RouterProvider router={router} />
          </Outcomes>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>
  );
}
