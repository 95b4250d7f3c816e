import { createRoot } from 'react-dom/client';
import { reloadOnLostChunk } from '../../parts/page/lost-chunks.ts';
import { Desk } from './app/desk.tsx';
import { readFirstPage } from './app/first-reads.ts';
import '../../parts/styles/tokens.css';
import '../../parts/styles/base.css';
import '../../parts/styles/buttons.css';
import '../../parts/styles/fields.css';
import '../../parts/styles/messages.css';
import '../../parts/styles/states.css';
import '../../parts/styles/blocks.css';
import '../../parts/styles/sign-in.css';
import './styles/frame.css';
import './styles/page.css';
import './styles/orders.css';
import './styles/tables.css';
import './styles/products.css';
import './styles/settings.css';
import './styles/jobs.css';
import './styles/today.css';
import './styles/print.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

reloadOnLostChunk();
readFirstPage();
createRoot(root).render(<Desk />);
