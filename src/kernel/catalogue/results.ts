import type { Sentences } from '../language.ts';

export const resultSentences: Sentences = {
  it: {
    'results.too_early': 'Troppo presto per dirlo',
    'results.headline': 'Circa {estimate} al mese di guadagno in più: potrebbero essere tra {low} e {high}',
    'results.headline_no_difference': 'Per ora non si vede una differenza',
    'results.headline_worse': 'Chi non riceve messaggi torna di più: conviene scrivere meno',
    'results.margin': 'In guadagno: circa {estimate} al mese, ma potrebbero essere tra {low} e {high}.',
    'results.comparison':
      'Dei {treated} che ricevono ne tornano {treatedReturned} su 100; dei {control} che non ricevono, scelti a caso, {controlReturned} su 100. La differenza potrebbe essere tra {low} e {high}.',
    'results.needed': 'Servono ancora {count} clienti prima di poter dire qualcosa.',
  },
  en: {
    'results.too_early': 'Too early to tell',
    'results.headline': 'About {estimate} more margin a month: it could be between {low} and {high}',
    'results.headline_no_difference': 'No difference can be seen so far',
    'results.headline_worse': 'Those who get no messages return more: it pays to write less',
    'results.margin': 'As margin: about {estimate} a month, but it could be between {low} and {high}.',
    'results.comparison':
      'Of the {treated} who receive, {treatedReturned} in 100 come back; of the {control} who do not, chosen by lot, {controlReturned} in 100. The difference could be between {low} and {high}.',
    'results.needed': 'It takes {count} more customers before anything can be said.',
  },
};
