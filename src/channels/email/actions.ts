/** What other features use of the e-mail channel: its settings, its check, and sending one mail. */
export { checkEmailServer, openEmailChannel } from './channel.ts';
export { loadEmailSettings, loadReplyAddress } from './settings.ts';
export type { EmailSettings } from './settings.ts';
