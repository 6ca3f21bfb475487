/** Ways to reach a customer. */
export const channels = ['email', 'sms', 'whatsapp', 'telegram', 'messenger', 'phone', 'letter'] as const;

export type Channel = (typeof channels)[number];
