import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { reloadOnLostChunk } from './app/lost-chunks.ts';
import { onLinkPointed } from './app/router.tsx';
import { loadPageAt } from './app/routes.tsx';
import { queryClient } from './data/query-client.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/buttons.css';
import './styles/fields.css';
import './styles/messages.css';
import './styles/states.css';
import './styles/layout.css';
import './styles/catalogue.css';
import './styles/checkout.css';
import './styles/orders.css';
import './styles/staff.css';
import './styles/print.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

reloadOnLostChunk();
onLinkPointed(loadPageAt);

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
