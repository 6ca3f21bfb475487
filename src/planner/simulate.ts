import { loadBusiness } from '../business/actions.ts';
import type { Database } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayOfInstant, instantOfDay } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { wholeMoneyInWords } from '../kernel/money.ts';
import { loadPressure, refuseTooMany } from '../pressure/actions.ts';
import type { PastMessage, Pressure } from '../pressure/rules.ts';
import { brokenRule, countedMessageOf, longestSpan } from '../pressure/rules.ts';
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
  const past = {
    days: PAST_DAYS,
    messages: messages.filter((message) => message.day >= since).length,
    held: countHeld(messages, rules, since),
  };
  const coming = {
    days: COMING_DAYS,
    now: await foresee(dependencies, inForce, day),
    then: await foresee(dependencies, rules, day),
  };
  return { past, coming, sentence: inWords({ past, coming }, business?.language ?? 'it') };
}

/** Messages since a day that would not have left under some rules; what is held back takes no place from what follows. */
function countHeld(
  messages: readonly (PastMessage & { readonly person: number })[],
  pressure: Pressure,
  since: Day,
): number {
  const kept = new Map<number, PastMessage[]>();
  let held = 0;
  for (const message of [...messages].sort((one, other) => one.day - other.day)) {
    const own = kept.get(message.person) ?? [];
    if (brokenRule(message, message.day, own, { pressure, wish: undefined }) === null || message.day < since)
      kept.set(message.person, [...own, message]);
    else held += 1;
  }
  return held;
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
  return sentence('pressure.trial', language, {
    messages: past.messages,
    held: past.held,
    now: coming.now.messages,
    then: coming.then.messages,
    value: `${value < 0 ? '−' : '+'}${wholeMoneyInWords(Math.abs(value), language)}`,
  });
}
