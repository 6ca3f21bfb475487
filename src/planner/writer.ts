import { loadBusiness } from '../business/actions.ts';
import type { Connection } from '../database/connection.ts';
import type { Channel } from '../kernel/channel.ts';
import type { Day } from '../kernel/day.ts';
import { findTemplate, writeWords } from '../rendering/actions.ts';
import { openingOf } from '../rendering/rules.ts';
import type { Proposal } from './messages.ts';
import type { CandidatePersonRow } from './fact-queries.ts';

/** Subject and first words of a proposal, as the list on Oggi shows them. */
export type MessageWriter = (
  proposal: Proposal,
  person: CandidatePersonRow | undefined,
) => { subject: string; opening: string; templateId: number | null };

/** A writer in the business's language and form of address; its templates are read once for the whole plan. */
export async function openWriter(
  connection: Connection,
  { day, channels, now }: { readonly day: Day; readonly channels: Iterable<Channel>; readonly now: Date },
): Promise<MessageWriter> {
  const business = await loadBusiness(connection);
  if (!business) return () => ({ subject: '', opening: '', templateId: null });
  const form = { language: business.language, formOfAddress: business.formOfAddress };
  const kinds = [...channels].flatMap((channel) =>
    (['refill', 'promotion'] as const).map((purpose) => ({ channel, purpose })),
  );
  const found = await Promise.all(kinds.map((kind) => findTemplate(connection, { ...kind, now, ...form })));
  const templates = new Map(
    kinds.map(({ channel, purpose }, number) => [`${channel} ${purpose}`, found[number]!]),
  );
  return (proposal, person) => {
    const template = templates.get(`${proposal.channel} ${proposal.clock ? 'refill' : 'promotion'}`);
    if (!template) return { subject: '', opening: '', templateId: null };
    const { campaign } = proposal.source;
    const words = writeWords(
      template.row,
      {
        firstName: person?.first_name ?? '',
        lastName: person?.last_name ?? '',
        companyName: person?.company_name ?? '',
        categoryName: proposal.clock?.categoryName ?? null,
        campaign: campaign && { name: campaign.name, subject: campaign.subject, body: campaign.body },
        clock: proposal.clock,
      },
      business,
      day,
    );
    return { subject: words.subject, opening: openingOf(words.body), templateId: template.templateId };
  };
}
