import { z } from 'zod';
import { channels } from '../kernel/channel.ts';

/** One proposal on Oggi: a message that waits for a person, or that was approved today. */
export const proposalSchema = z.object({
  contactId: z.number().int(),
  messageId: z.number().int(),
  name: z.string().describe('the person as the shop would say it'),
  initials: z.string(),
  channel: z.enum(channels),
  status: z.enum([
    'planned',
    'approved',
    'refused',
    'sending',
    'handed',
    'sent',
    'withheld',
    'failed',
    'unknown',
    'expired',
    'cancelled',
    'lapsed',
  ]),
  about: z.string().describe('category or promotion'),
  window: z
    .object({ from: z.string(), middle: z.string(), to: z.string(), words: z.string() })
    .nullable()
    .describe('likely days of the need, as YYYY-MM-DD, with the range in words'),
  costCents: z.number(),
  valueCents: z.number().describe('expected value of writing, for sorting; not shown as a promise'),
  subject: z.string(),
  opening: z.string().describe('first words of the message'),
  isEdited: z.boolean(),
});

export const reasonSchema = z.object({
  kind: z.enum(['clock', 'channel', 'last_message', 'consent', 'promotion', 'value', 'other']),
  sentence: z.string(),
});

/** The opened row: the whole text and why this person today. */
export const proposalDetailSchema = proposalSchema.extend({
  sendAfter: z.string(),
  sendBefore: z.string(),
  text: z.string().describe('plain text as it will arrive'),
  reasons: z.array(reasonSchema),
});

export const proposalGroupSchema = z.object({
  key: z.string().describe('source of the group, such as clock:12 or campaign:3'),
  title: z.string().describe('"12 clienti stanno per finire la crema viso"'),
  note: z.string().describe('one line under the title: channels and cost in words'),
  count: z.number().int(),
  costCents: z.number(),
  proposals: z.array(proposalSchema).describe('the first ones by value; ask for the group to see all'),
});

/** Messages that a plan foresees by the day on which each of its periods begins: each of the first 14 days, then weeks. */
export const planDaysSchema = z.array(
  z.object({ day: z.string(), messages: z.number().int(), valueCents: z.number() }),
);

export const leftOutSchema = z.object({
  reason: z.string().describe('stable code of the gate, such as consent.marketing_unknown'),
  sentence: z.string(),
  count: z.number().int(),
});

export const todaySchema = z.object({
  day: z.string(),
  dayInWords: z.string().describe('"giovedì 29 ottobre"'),
  headline: z.string().describe('the answer: "28 messaggi da approvare"'),
  state: z.enum(['no_sales', 'no_contacts', 'nothing_today', 'proposals', 'all_decided']),
  waitingCount: z.number().int(),
  costCents: z.number(),
  sendWindow: z.string().describe('"partono tra le 10:30 e le 17:30"'),
  groups: z.array(proposalGroupSchema),
  refused: z
    .array(
      z.object({
        contactId: z.number().int(),
        messageId: z.number().int(),
        name: z.string(),
        about: z.string(),
      }),
    )
    .describe('to whom a person said no today, the latest first; it can be taken back'),
  leftOut: z.object({ count: z.number().int(), reasons: z.array(leftOutSchema) }),
  ahead: z
    .object({
      sentence: z.string(),
      certificate: z.string().describe('how close to the best possible plan this one is'),
      days: z.array(planDaysSchema.element.extend({ length: z.number().int().describe('days') })),
    })
    .nullable()
    .describe('what the plan foresees after today'),
  tomorrow: z.string().describe('one sentence for an empty day; may be empty'),
  sent: z.object({
    approved: z.number().int(),
    sent: z.number().int(),
    withheld: z.number().int().describe('left out by lot so that results can be measured'),
    failed: z.number().int(),
    unknown: z.number().int(),
    problems: z.array(
      z.object({
        contactId: z.number().int(),
        messageId: z.number().int(),
        name: z.string(),
        status: z.string(),
        sentence: z.string(),
      }),
    ),
  }),
  inHand: z
    .array(z.string())
    .describe('"3 telefonate da fare", "2 lettere da stampare": what waits for a person'),
  returned: z
    .object({ sentence: z.string(), customers: z.number().int(), totalCents: z.number() })
    .nullable(),
  salesAge: z.object({ lastSaleDay: z.string().nullable(), sentence: z.string() }),
  isSendingPossible: z.boolean(),
  sendingProblem: z.string().describe('what to do when mails cannot leave; empty when all is well'),
});

export const todayGroupQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  search: z.string().default(''),
});
export const todayGroupSchema = z.object({
  proposals: z.array(proposalSchema),
  total: z.number().int(),
  next: z.number().int().nullable(),
});

/** What POST /api/plan answers: the messages themselves are on Oggi, by the page. */
export const planCountsSchema = z.object({
  date: z.string(),
  candidates: z.number().int(),
  verdicts: z.record(z.string(), z.number().int()),
  reasons: z.record(z.string(), z.number().int()),
  horizonDays: z.number().int().describe('days that the plan looks ahead'),
  valueCents: z.number().describe('what the plan of all these days is expected to earn'),
  boundCents: z.number().describe('what no plan within the rules could pass'),
  gap: z.number().describe('(bound − value)/bound: so much at most is missing'),
  days: planDaysSchema,
});

/** What `./bentornato plan --json` prints. */
export const planReportSchema = planCountsSchema.extend({
  messages: z.array(
    z.object({
      contact: z.number().int(),
      message: z.number().int(),
      channel: z.string(),
      category: z.string().nullable(),
      campaign: z.string().nullable(),
      expectedValueCents: z.number(),
      explanation: z.string(),
    }),
  ),
});

const foreseenSchema = z.object({ messages: z.number().int(), valueCents: z.number() });

/** What other pressure rules would change. */
export const pressureTrialSchema = z.object({
  past: z.object({
    days: z.number().int(),
    messages: z.number().int().describe('that left, or were left out by lot'),
    held: z.number().int().describe('of those, how many the rules would have held back'),
    moved: z
      .number()
      .int()
      .describe('of those, how many left on a day on which their channel would have rested'),
  }),
  coming: z.object({
    days: z.number().int(),
    now: foreseenSchema.describe('by the rules in force'),
    then: foreseenSchema.describe('by the rules tried'),
  }),
  sentence: z.string(),
});

/** How much is written to people. */
export const pressureMapSchema = z.object({
  from: z.string(),
  today: z.string(),
  until: z.string(),
  rows: z.array(
    z.object({
      source: z.string(),
      name: z.string(),
      total: z.number().int(),
      days: z.array(z.object({ day: z.string(), messages: z.number().int() })),
    }),
  ),
  countedDays: z.number().int(),
  people: z
    .array(z.object({ messages: z.number().int(), people: z.number().int() }))
    .describe('people by the number of messages they had; the last one or more'),
});

/** How good the plans of some days were, and which limit costs what. */
export const planCertificatesSchema = z.object({
  from: z.string(),
  until: z.string(),
  sentence: z.string().describe('how close the last plan is to the best possible one'),
  days: z
    .array(
      z.object({
        day: z.string(),
        valueCents: z.number().describe('what the plan made on the day is expected to earn over its horizon'),
        boundCents: z.number().describe('what no plan within the rules could pass'),
        share: z
          .number()
          .min(0)
          .max(1)
          .nullable()
          .describe('value in shares of the bound; null: nothing to send'),
        closeness: z.string().describe('the share in words'),
      }),
    )
    .describe('only days with a plan, the earliest first'),
  wider: z
    .array(
      z.object({
        limit: z.string().describe('a channel, or a campaign with what it limits'),
        cents: z.number().describe('what one more would earn: a message a day, a message, a euro'),
        sentence: z.string(),
      }),
    )
    .describe('limits of the last plan that would earn more if they were wider, the dearest first'),
  widerSentence: z.string().describe('what to say of the limits together'),
});

export type PlanCertificates = z.infer<typeof planCertificatesSchema>;
export type PressureMap = z.infer<typeof pressureMapSchema>;
export type PressureTrial = z.infer<typeof pressureTrialSchema>;
export type Today = z.infer<typeof todaySchema>;
export type Proposal = z.infer<typeof proposalSchema>;
export type ProposalDetail = z.infer<typeof proposalDetailSchema>;
export type PlanReport = z.infer<typeof planReportSchema>;
export type PlanCounts = z.infer<typeof planCountsSchema>;
