import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eaf1ff',
  '#d3e1fd',
  '#a6c2f9',
  '#76a1f5',
  '#6ea2ff',
  '#4f8cff',
  '#2f6fe8',
  '#1f63e0',
  '#1a54c0',
  '#133f92',
];

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: 'var(--lg-sans)',
  fontFamilyMonospace: 'var(--lg-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 8,
  focusRing: 'auto',
  respectReducedMotion: true,
  headings: { fontWeight: '650', fontFamily: 'var(--lg-sans)' },
  components: {
    Modal: {
      defaultProps: {
        transitionProps: { duration: 0 },
        overlayProps: { backgroundOpacity: 0.5 },
        // The page itself never scrolls, and the lock would write a style that the page's policy refuses.
        lockScroll: false,
      },
    },
    Tooltip: { defaultProps: { openDelay: 500, transitionProps: { duration: 0 } } },
  },
});

/** Points Mantine's surfaces and lines at the page's own tokens, so that one table of colours rules. */
export const resolveVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--lg-panel)',
    '--mantine-color-text': 'var(--lg-text)',
    '--mantine-color-dimmed': 'var(--lg-dim)',
    '--mantine-color-placeholder': 'var(--lg-faint)',
    '--mantine-color-anchor': 'var(--lg-accent)',
    '--mantine-color-error': 'var(--lg-bad)',
    '--mantine-color-default': 'var(--lg-panel)',
    '--mantine-color-default-hover': 'var(--lg-raised)',
    '--mantine-color-default-color': 'var(--lg-text)',
    '--mantine-color-default-border': 'var(--lg-line-strong)',
  };
  // Mantine takes the insides of fields from its own greys in the dark scheme.
  const dark = {
    ...both,
    '--mantine-color-dark-6': 'var(--lg-code)',
    '--mantine-color-dark-4': 'var(--lg-line-strong)',
  };
  return { variables: {}, light: both, dark };
};
