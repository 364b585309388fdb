import { createFakeMain } from './fake-main.js';
import { prepareScene } from './scenes.js';

/** Shows the page without main: `?scene=running&theme=dark`. Not shipped; for looking at screens while they grow. */
const query = new URLSearchParams(location.search);
const theme = query.get('theme') === 'light' ? 'light' : 'dark';
const main = createFakeMain(theme);
prepareScene(main, query.get('scene') ?? 'home');
Object.defineProperty(window, 'lastgood', { value: main.bridge });
void import('../../renderer/app/main.js');
