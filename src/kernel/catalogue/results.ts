import type { Sentences } from '../language.ts';

export const resultSentences: Sentences = {
  it: {
    'results.too_early': 'Troppo presto per dirlo',
    'results.headline': 'Circa {estimate} al mese di guadagno in più: potrebbero essere tra {low} e {high}',
    'results.comparison':
      'Dei {treated} che ricevono ne tornano {treatedReturned} su 100; dei {control} che non ricevono, scelti a caso, {controlReturned} su 100. La differenza potrebbe essere tra {low} e {high}.',
    'results.needed': 'Servono ancora {count} clienti prima di poter dire qualcosa.',
  },
  en: {
    'results.too_early': 'Too early to tell',
    'results.headline': 'About {estimate} more margin a month: it could be between {low} and {high}',
    'results.comparison':
      'Of the {treated} who receive, {treatedReturned} in 100 come back; of the {control} who do not, chosen by lot, {controlReturned} in 100. The difference could be between {low} and {high}.',
    'results.needed': 'It takes {count} more customers before anything can be said.',
  },
};
