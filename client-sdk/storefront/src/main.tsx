import { createRoot, hydrateRoot } from 'react-dom/client';
import { queryClient } from '../../parts/data/query-client.ts';
import { reloadOnLostChunk } from '../../parts/page/lost-chunks.ts';
import { answerQueries, readFirstData } from './app/first-data.ts';
import { Root } from './app/root.tsx';
import { onLinkPointed } from './app/router.tsx';
import { loadPageAt } from './app/routes.tsx';
import '../../parts/styles/tokens.css';
import '../../parts/styles/base.css';
import '../../parts/styles/buttons.css';
import '../../parts/styles/fields.css';
import '../../parts/styles/messages.css';
import '../../parts/styles/states.css';
import './styles/layout.css';
import './styles/catalogue.css';
import './styles/checkout.css';
import './styles/orders.css';
import './styles/account.css';
import '../../desk/src/styles/orders.css';
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
