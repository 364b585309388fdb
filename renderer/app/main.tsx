import './mantine-styles.js';
import './theme.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createClient } from '../ipc/client.js';
import { createStores } from '../stores/stores.js';
import { createActionRegistry } from '../ui/actions/registry.js';
import { loadRunScreen } from './load-run-screen.js';
import { Root } from './root.js';

const place = document.getElementById('root');
if (place === null) {
  throw new Error('The page has no place to draw in.');
}
const stores = createStores(createClient(window.lastgood));
void stores.settings.getState().load();
void stores.home.getState().refresh();
void stores.questions.getState().load();

createRoot(place).render(
  <StrictMode>
    <Root stores={stores} registry={createActionRegistry()} />
  </StrictMode>,
);

// Whoever presses Start must not wait for it either.
requestIdleCallback(() => void loadRunScreen());
