import { loadBusiness } from '../business/actions.ts';
import type { Connection } from '../database/connection.ts';
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
export async function openWriter(connection: Connection, day: Day): Promise<MessageWriter> {
  const business = await loadBusiness(connection);
  if (!business) return () => ({ subject: '', opening: '', templateId: null });
  const form = { language: business.language, formOfAddress: business.formOfAddress };
  const [refill, promotion] = await Promise.all([
    findTemplate(connection, { purpose: 'refill', ...form }),
    findTemplate(connection, { purpose: 'promotion', ...form }),
  ]);
  return (proposal, person) => {
    const template = proposal.clock ? refill : promotion;
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
