import type { Sentences } from '../language.ts';

export const clockSentences: Sentences = {
  it: {
    'clock.rhythm':
      'Compra {category} ogni {gap} giorni circa; l’ultima volta il {last}; finirà verso il {expected}.',
    'clock.overdue':
      'Compra {category} ogni {gap} giorni circa; l’ultima volta il {last}: dovrebbe averne bisogno adesso.',
    'clock.one_purchase':
      'Ha comprato {category} una volta sola, il {last}. Di solito si ricompra dopo {gap} giorni circa: per ora è un’ipotesi.',
    'clock.from_shop': 'dai tuoi acquisti',
    'clock.from_both': 'metà e metà',
    'clock.from_sector': 'abitudini del settore',
    'clock.from_owner': 'deciso da te',
    'clock.blend':
      'I tuoi clienti tornano dopo {own} giorni, nel settore dopo {prior}. I tuoi acquisti contano per {share} parti su 100, le abitudini del settore per il resto.',
    'clock.blend_own':
      'I tuoi clienti tornano dopo {own} giorni, nel settore dopo {prior}. Qui contano solo i tuoi acquisti.',
    'clock.blend_few':
      'Ci sono ancora pochi ritorni: per ora contano quasi solo le abitudini del settore, {prior} giorni.',
    'failure.override_days': 'Scrivi un numero di giorni tra 1 e 3650.',
  },
  en: {
    'clock.rhythm': 'Buys {category} about every {gap} days; last on {last}; will run out around {expected}.',
    'clock.overdue': 'Buys {category} about every {gap} days; last on {last}: should need it now.',
    'clock.one_purchase':
      'Bought {category} once only, on {last}. People usually buy again after about {gap} days: for now it is a guess.',
    'clock.from_shop': 'from your sales',
    'clock.from_both': 'half and half',
    'clock.from_sector': 'habits of the sector',
    'clock.from_owner': 'decided by you',
    'clock.blend':
      'Your customers come back after {own} days, in the sector after {prior}. Your sales count for {share} parts in 100, the habits of the sector for the rest.',
    'clock.blend_own':
      'Your customers come back after {own} days, in the sector after {prior}. Here only your sales count.',
    'clock.blend_few':
      'There are few returns yet: for now the habits of the sector count almost alone, {prior} days.',
    'failure.override_days': 'Write a number of days between 1 and 3650.',
  },
};
