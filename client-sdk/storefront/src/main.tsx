import { createRoot, hydrateRoot } from 'react-dom/client';
import { queryClient } from '../../parts/data/query-client.ts';
import { reloadOnLostChunk } from '../../parts/page/lost-chunks.ts';
import { answerQueries, readFirstData } from './app/first-data.ts';
import { Root } from './app/root.tsx';
import { onLinkPointed } from './app/router.tsx';
import { loadPageAt } from './app/routes.tsx';
import { followGuestCart } from './data/guest-cart.ts';
import '../../parts/styles/tokens.css';
import '../../parts/styles/base.css';
import '../../parts/styles/buttons.css';
import '../../parts/styles/fields.css';
import '../../parts/styles/messages.css';
import '../../parts/styles/states.css';
import '../../parts/styles/blocks.css';
import '../../parts/styles/sign-in.css';
import './styles/layout.css';
import './styles/catalogue.css';
import './styles/checkout.css';
import './styles/orders.css';
import './styles/account.css';
import './styles/print.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

reloadOnLostChunk();
followGuestCart(queryClient);
onLinkPointed(loadPageAt);

const first = { ...readFirstData(), address: window.location.pathname + window.location.search };
answerQueries(queryClient, first);
const page = <Root queryClient={queryClient} first={first} />;
// Without a rendering server the element is empty.
if (root.hasChildNodes()) hydrateRoot(root, page);
else createRoot(root).render(page);
