import type { FilledMessage, Segment } from './fill.js';
import { plainText } from './fill.js';

/** As plain text, with the subject as a first line where there is one. */
export function renderPlain({ subject, body }: FilledMessage): string {
  return subject === null
    ? plainText(body)
    : `Subject: ${plainText(subject)}\n\n${plainText(body)}`;
}

/** Slack's own formatting. Escaped, so that nothing in a fact can mention a channel or forge a link. */
export function renderSlack({ subject, body }: FilledMessage): string {
  const text = render(body, slack);
  return subject === null ? text : `${slack.bold(slack.escape(plainText(subject)))}\n\n${text}`;
}

/** For the clipboard's rich form: mail programs and chat windows take it as formatted text. */
export function renderHtml({ subject, body }: FilledMessage): string {
  const heading = subject === null ? '' : `<p><b>${html.escape(plainText(subject))}</b></p>`;
  const paragraphs = render(body, html)
    .split('\n\n')
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br>')}</p>`);
  return `${heading}${paragraphs.join('')}`;
}

type Flavour = {
  readonly escape: (text: string) => string;
  readonly bold: (escaped: string) => string;
  readonly unknown: (escaped: string) => string;
};

const slack: Flavour = {
  escape: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  bold: (text) => `*${text}*`,
  unknown: (text) => `_${text}_`,
};

const html: Flavour = {
  escape: (text) => slack.escape(text).replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
  bold: (text) => `<b>${text}</b>`,
  unknown: (text) => `<mark>${text}</mark>`,
};

/** A label such as `Reason:` at the start of a line, in the template's own words. */
const LABEL = /^[A-Z][\p{L} ]{0,30}:(?=\s|$)/u;

function render(segments: readonly Segment[], flavour: Flavour): string {
  let isLineStart = true;
  return segments
    .map((segment) => {
      const startsLine = isLineStart;
      isLineStart = segment.text.endsWith('\n') || (isLineStart && segment.text === '');
      if (segment.kind === 'unknown') {
        return flavour.unknown(flavour.escape(segment.text));
      }
      return segment.kind === 'fact'
        ? flavour.escape(segment.text)
        : renderFixed(segment.text, startsLine, flavour);
    })
    .join('');
}

function renderFixed(text: string, startsLine: boolean, flavour: Flavour): string {
  return text
    .split('\n')
    .map((line, index) => {
      const label = index > 0 || startsLine ? (LABEL.exec(line)?.[0] ?? '') : '';
      const rest = flavour.escape(line.slice(label.length));
      return label === '' ? rest : `${flavour.bold(flavour.escape(label))}${rest}`;
    })
    .join('\n');
}
