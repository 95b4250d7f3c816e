import { createRoot, hydrateRoot } from 'react-dom/client';
import { answerQueries, readFirstData } from './app/first-data.ts';
import { reloadOnLostChunk } from './app/lost-chunks.ts';
import { Root } from './app/root.tsx';
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
import './styles/account.css';
import './styles/staff.css';
import './styles/print.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

reloadOnLostChunk();
onLinkPointed(loadPageAt);

const first = { ...readFirstData(), address: window.location.pathname + window.location.search };
answerQueries(queryClient, first);
const page = <Root queryClient={queryClient} first={first} />;
// Without a rendering server the element is empty.
if (root.hasChildNodes()) hydrateRoot(root, page);
else createRoot(root).render(page);
