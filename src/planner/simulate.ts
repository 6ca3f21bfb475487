import { loadBusiness } from '../business/actions.ts';
import type { Database } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayOfInstant, instantOfDay } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { wholeMoneyInWords } from '../kernel/money.ts';
import { loadOpeningHours, loadPressure, refuseTooMany } from '../pressure/actions.ts';
import type { PastMessage, Pressure } from '../pressure/rules.ts';
import { brokenRule, countedMessageOf, hoursOn, longestSpan } from '../pressure/rules.ts';
import { computePlan } from './compute.ts';
import type { PlanDependencies } from './facts.ts';
import { selectReleasedSince } from './fact-queries.ts';
import type { PressureTrial } from './schema.ts';

const PAST_DAYS = 90;
const COMING_DAYS = 30;

/**
 * What other pressure rules would have done in the past 90 days, and would do in the coming 30: which of the messages that left would
 * have been held back, and what the plan would send and earn instead. Nothing is changed. Failure `pressure_too_many`.
 */
export async function tryPressure(
  dependencies: PlanDependencies & { readonly database: Database },
  rules: Pressure,
  day: Day,
): Promise<PressureTrial> {
  const { database } = dependencies;
  const business = await loadBusiness(database);
  const timeZone = business?.timeZone ?? 'Europe/Rome';
  const { pressure: inForce } = await loadPressure(database);
  refuseTooMany(rules);
  const rows = await selectReleasedSince(
    database,
    instantOfDay(day - PAST_DAYS - longestSpan(rules), '00:00', timeZone),
  );
  const messages = rows.map((row) => ({
    person: rules.isPerHousehold ? row.household_id : row.contact_id,
    ...countedMessageOf(row),
    day: dayOfInstant(row.released_at, timeZone),
  }));
  const since = day - PAST_DAYS;
  const opening = await loadOpeningHours(database, rules);
  const past = {
    days: PAST_DAYS,
    messages: messages.filter((message) => message.day >= since).length,
    ...countChanged(messages, rules, {
      since,
      isRestDay: (message) =>
        hoursOn(message.channel, message.day, opening) === null &&
        hoursOn(message.channel, message.day, { ...opening, quiet: [] }) !== null,
    }),
  };
  const coming = {
    days: COMING_DAYS,
    now: await foresee(dependencies, inForce, day),
    then: await foresee(dependencies, rules, day),
  };
  return { past, coming, sentence: inWords({ past, coming }, business?.language ?? 'it') };
}

type OwnMessage = PastMessage & { readonly person: number };

/**
 * Messages since a day that would not have left under some rules, and those that a day of rest would have moved. What is held back takes no
 * place from what follows.
 */
function countChanged(
  messages: readonly OwnMessage[],
  pressure: Pressure,
  { since, isRestDay }: { readonly since: Day; readonly isRestDay: (message: OwnMessage) => boolean },
): { held: number; moved: number } {
  const kept = new Map<number, PastMessage[]>();
  const changed = { held: 0, moved: 0 };
  for (const message of [...messages].sort((one, other) => one.day - other.day)) {
    const own = kept.get(message.person) ?? [];
    const isPast = message.day < since;
    if (!isPast && brokenRule(message, message.day, own, { pressure, wish: undefined }) !== null) {
      changed.held += 1;
      continue;
    }
    kept.set(message.person, [...own, message]);
    if (!isPast && isRestDay(message)) changed.moved += 1;
  }
  return changed;
}

async function foresee(
  dependencies: PlanDependencies & { readonly database: Database },
  pressure: Pressure,
  day: Day,
): Promise<{ messages: number; valueCents: number }> {
  const plan = await computePlan(dependencies.database, dependencies, { day, contactIds: null, pressure });
  const coming = plan.verdicts.filter(({ slot }) => slot !== null && slot.daysAhead < COMING_DAYS);
  return {
    messages: coming.length,
    valueCents: coming.reduce((sum, { valueCents }) => sum + valueCents, 0),
  };
}

function inWords({ past, coming }: Pick<PressureTrial, 'past' | 'coming'>, language: Language): string {
  const value = coming.then.valueCents - coming.now.valueCents;
  const said = sentence('pressure.trial', language, {
    messages: past.messages,
    held: past.held,
    now: coming.now.messages,
    then: coming.then.messages,
    value: `${value < 0 ? '−' : '+'}${wholeMoneyInWords(Math.abs(value), language)}`,
  });
  if (past.moved === 0) return said;
  const key = past.moved === 1 ? 'pressure.trial_moved_one' : 'pressure.trial_moved_many';
  return `${said} ${sentence(key, language, { count: past.moved })}`;
}
