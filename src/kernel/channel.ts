/** Ways to reach a customer. */
export const channels = ['email', 'sms', 'whatsapp', 'telegram', 'messenger', 'phone', 'letter'] as const;

export type Channel = (typeof channels)[number];

/** Channels on which a person does what is sent: posts the letter, makes the call. */
export const channelsByHand = ['letter', 'phone'] as const;

export type ChannelByHand = (typeof channelsByHand)[number];

export const isByHand = (channel: Channel): channel is ChannelByHand =>
  channel === 'letter' || channel === 'phone';
