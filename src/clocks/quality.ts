import type { Connection } from '../database/connection.ts';
import { sentence } from '../kernel/catalogue/index.ts';
import type { Day } from '../kernel/day.ts';
import { dayFromIso, dayInWords } from '../kernel/day.ts';
import type { Language } from '../kernel/language.ts';
import { loadLanguage } from './language.ts';
import type { CalibrationBin, ModelEvaluation } from './model/shop-fit.ts';
import { selectAdoptedModel, selectLatestModel } from './model-queries.ts';
import { HORIZON_DAYS } from './rules.ts';
import type { ClockQuality } from './schema.ts';

/** "How good are my clocks?": what was said of the customers and what came of it, in words and as points of a picture. */
export async function loadClockQuality(connection: Connection, today: Day): Promise<ClockQuality> {
  const language = await loadLanguage(connection);
  const latest = await selectLatestModel(connection);
  const adopted = await selectAdoptedModel(connection);
  if (!latest)
    return { state: 'none', sentence: sentence('clock.quality_none', language), details: [], bins: [] };
  if (!adopted?.evaluation)
    return {
      state: 'too_little',
      sentence: sentence('clock.quality_too_little', language),
      details: [],
      bins: [],
    };
  const { evaluation } = adopted;
  return {
    state: 'judged',
    sentence: describeTop(evaluation, language),
    details: [
      sentence('clock.quality_lift', language, {
        times: evaluation.liftOfTopTenth.toLocaleString(language, { maximumFractionDigits: 1 }),
      }),
      sentence('clock.quality_how', language, {
        from: dayInWords(evaluation.day + 1, language, today),
        to: dayInWords(evaluation.day + HORIZON_DAYS, language, today),
        count: evaluation.clocks.toLocaleString(language),
      }),
      sentence(latest.is_adopted ? 'clock.quality_adopted' : 'clock.quality_kept', language, {
        day: dayInWords(dayFromIso(latest.fitted_on) + 1, language, today),
        earlier: dayInWords(dayFromIso(adopted.fitted_on) + 1, language, today),
      }),
    ],
    bins: [...evaluation.bins],
  };
}

/** The tenth of which most was promised: what was said, and what came. */
function describeTop({ bins }: ModelEvaluation, language: Language): string {
  const top = bins.at(-1) ?? ({ said: 0, came: 0, clocks: 0 } satisfies CalibrationBin);
  return sentence('clock.quality_top', language, {
    said: Math.round(top.said * 100),
    came: Math.round(top.came * 100),
  });
}
