import type { RunCommand } from '../../shared/run/commands.js';

/**
 * What an operator writes down in a hurry may hold a password. It is taken out before it is recorded: a journal
 * cannot be cleaned later without breaking its chain, and it goes to other consoles as it is. The texts of messages
 * stay as they are: people read them before they are sent.
 */
export function withoutSecrets(command: RunCommand, redact: (text: string) => string): RunCommand {
  switch (command.type) {
    case 'note':
      return { ...command, text: redact(command.text) };
    case 'tick':
    case 'done-by-hand':
    case 'settle':
      return { ...command, evidence: redact(command.evidence) };
    case 'pass-by':
    case 'skip':
    case 'pause':
    case 'settle-undo':
    case 'roll-forward':
    case 'end-watch':
    case 'fix-forward':
    case 'close':
      return { ...command, reason: redact(command.reason) };
    default:
      return command;
  }
}
