/** What of a keyboard event decides which key was meant. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'
>;

/**
 * The press in the words of `Action.key`. Letters are upper case and carry `Shift+`; signs such as `?` do
 * not, because where Shift is needed for them depends on the keyboard. On layouts without Latin letters
 * the place of the key counts.
 */
export function keyName(press: KeyPress): string {
  const modifier = `${press.ctrlKey || press.metaKey ? 'Mod+' : ''}${press.altKey ? 'Alt+' : ''}`;
  const letter = letterOf(press);
  if (letter !== null) {
    return `${modifier}${press.shiftKey ? 'Shift+' : ''}${letter}`;
  }
  const isSign = press.key.length === 1 && press.key !== ' ';
  const name = press.key === ' ' ? 'Space' : press.key;
  return `${modifier}${press.shiftKey && !isSign ? 'Shift+' : ''}${name}`;
}

function letterOf({ key, code }: KeyPress): string | null {
  if (/^[a-z]$/i.test(key)) {
    return key.toUpperCase();
  }
  const isForeignLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  return isForeignLetter ? (/^Key([A-Z])$/.exec(code)?.[1] ?? null) : null;
}

const glyphs: Readonly<Record<string, string>> = {
  Enter: '⏎',
  Shift: '⇧',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** A key as it is printed beside its action: `Shift+R` becomes `⇧ R`. */
export function keyLabel(key: string, isMac: boolean): string {
  return key
    .split(/\+(?=.)/)
    .map((part) => (part === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : (glyphs[part] ?? part)))
    .join(' ');
}

const typingTags: ReadonlySet<string> = new Set(['INPUT', 'TEXTAREA', 'SELECT']);
const typingTypes: ReadonlySet<string> = new Set([
  'checkbox',
  'radio',
  'button',
  'submit',
  'range',
]);

type Focus = {
  readonly tagName: string;
  readonly type?: string;
  readonly isContentEditable?: boolean;
  readonly role?: string | null;
  readonly href?: string;
};

/** True where letters belong to a text field, not to the actions. */
export function isTyping(focus: Focus | null): boolean {
  if (focus === null) {
    return false;
  }
  if (focus.tagName === 'INPUT' && typingTypes.has(focus.type ?? '')) {
    return false;
  }
  return typingTags.has(focus.tagName) || focus.isContentEditable === true;
}

const controlTags: ReadonlySet<string> = new Set([
  'BUTTON',
  'A',
  'INPUT',
  'TEXTAREA',
  'SELECT',
  'SUMMARY',
]);
const controlRoles: ReadonlySet<string> = new Set([
  'button',
  'tab',
  'option',
  'menuitem',
  'radio',
  'checkbox',
  'switch',
  'link',
]);

/** True where Enter already means something to the control that has the focus. */
export function ownsEnter(focus: Focus | null): boolean {
  return focus !== null && (controlTags.has(focus.tagName) || controlRoles.has(focus.role ?? ''));
}
