import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import type { ReactNode } from 'react';
import { ALL_ACTIONS } from '../ui/actions/action-bar.js';
import { useFrameActions } from '../ui/actions/actions-context.js';
import { useEverywhereActions } from './everywhere-actions.js';
import { KeysHelp } from './keys-help.js';
import { Palette } from './palette.js';

/** What lies over every screen: the palette, the keys help, and the actions that exist everywhere. */
export function Overlays({ children }: { readonly children: ReactNode }): ReactNode {
  const [isHelpOpen, help] = useDisclosure(false);
  const actions = useEverywhereActions();
  useFrameActions([
    {
      id: ALL_ACTIONS,
      label: 'All actions',
      key: 'Mod+K',
      tone: 'quiet',
      run: () => {
        spotlight.open();
      },
    },
    { id: 'keys', label: 'Show the keys', key: '?', tone: 'quiet', run: help.open },
    ...actions,
  ]);
  return (
    <>
      {children}
      <Palette />
      <KeysHelp isOpen={isHelpOpen} onClose={help.close} />
    </>
  );
}
