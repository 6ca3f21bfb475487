import type { Sentences } from '../language.ts';

export const clockSentences: Sentences = {
  it: {
    'clock.rhythm':
      'Compra {category} ogni {gap} giorni circa; l’ultima volta il {last}; finirà verso il {expected}.',
    'clock.overdue':
      'Compra {category} ogni {gap} giorni circa; l’ultima volta il {last}: dovrebbe averne bisogno adesso.',
    'clock.one_purchase':
      'Ha comprato {category} una volta sola, il {last}. Di solito si ricompra dopo {gap} giorni circa: per ora è un’ipotesi.',
    'clock.still_lasts':
      'Compra {category} ogni {gap} giorni circa. Ha detto che gli dura fino al {until}: se ne riparla dopo.',
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
    'clock.quality_none':
      'Gli orologi non sono ancora stati messi alla prova. Succede da solo, la notte dopo aver caricato le vendite e poi ogni domenica.',
    'clock.quality_too_little':
      'Ci sono ancora poche vendite per mettere alla prova gli orologi: per ora usano il ritmo di ciascuno e le abitudini del settore.',
    'clock.quality_top':
      'Dei clienti che aspettavamo di più dicevamo che ne sarebbero tornati {said} su 100: ne sono tornati {came}.',
    'clock.quality_lift': 'Quei clienti hanno comprato {times} volte più spesso della media.',
    'clock.quality_how':
      'Provati dal {from} al {to} su {count} attese, senza che conoscessero le vendite di quei giorni.',
    'clock.quality_adopted': 'Rifatti il {day}; si rifanno ogni domenica.',
    'clock.quality_kept':
      'Il {day} li abbiamo rifatti, ma i nuovi sarebbero stati meno precisi: restano quelli del {earlier}.',
    'failure.backtest_fit_day':
      'Il giorno di --fit-until viene dopo il primo di --cutoffs: gli orologi conoscerebbero il futuro.',
    'failure.backtest_horizon': 'L’orizzonte arriva a {days} giorni: --horizon 14 sono due settimane.',
    'failure.backtest_no_purchases':
      'In {file} non c’è nessun acquisto di un cliente conosciuto. Controlla le colonne del cliente e della data.',
    'failure.backtest_columns':
      'Di’ come si legge il file: --mapping FILE, oppure --customer, --category (o none) e --date con i nomi delle colonne.',
    'failure.backtest_rule': 'La regola «{rule}» non c’è. C’è: head_noun.',
    'failure.backtest_description':
      'La regola head_noun legge la colonna della descrizione, e in questo file non si riconosce. Usa --mapping FILE.',
    'failure.backtest_day_outside':
      'Il giorno {day} è fuori dal file, che va dal {first} al {last}: scegline uno in mezzo.',
    'failure.word_in_the_past':
      'Questo giorno è già passato: scegli oggi o un giorno che deve ancora venire.',
    'failure.override_days': 'Scrivi un numero di giorni tra 1 e 3650.',
  },
  en: {
    'clock.rhythm': 'Buys {category} about every {gap} days; last on {last}; will run out around {expected}.',
    'clock.overdue': 'Buys {category} about every {gap} days; last on {last}: should need it now.',
    'clock.one_purchase':
      'Bought {category} once only, on {last}. People usually buy again after about {gap} days: for now it is a guess.',
    'clock.still_lasts':
      'Buys {category} about every {gap} days. Said that it lasts until {until}: not before then.',
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
    'clock.quality_none':
      'The clocks have not been put to the test yet. It happens by itself, the night after sales are loaded and then every Sunday.',
    'clock.quality_too_little':
      'There are too few sales yet to put the clocks to the test: for now they use each person’s rhythm and the habits of the sector.',
    'clock.quality_top':
      'Of the customers we expected most we said that {said} in 100 would come back: {came} did.',
    'clock.quality_lift': 'Those customers bought {times} times as often as the average.',
    'clock.quality_how':
      'Tested from {from} to {to} on {count} expectations, without knowing the sales of those days.',
    'clock.quality_adopted': 'Made anew on {day}; they are made anew every Sunday.',
    'clock.quality_kept':
      'On {day} we made them anew, but the new ones would have been less precise: those of {earlier} stay.',
    'failure.backtest_fit_day':
      'The day of --fit-until is after the first of --cutoffs: the clocks would know the future.',
    'failure.backtest_horizon': 'The horizon reaches {days} days: --horizon 14 is a fortnight.',
    'failure.backtest_no_purchases':
      'There is no purchase of a known customer in {file}. Check the columns of the customer and of the date.',
    'failure.backtest_columns':
      'Say how to read the file: --mapping FILE, or --customer, --category (or none) and --date with the names of the columns.',
    'failure.backtest_rule': 'There is no rule “{rule}”. There is: head_noun.',
    'failure.backtest_description':
      'The rule head_noun reads the column of descriptions, which is not recognised in this file. Use --mapping FILE.',
    'failure.backtest_day_outside':
      'The day {day} is outside the file, which goes from {first} to {last}: choose one in between.',
    'failure.word_in_the_past': 'This day is over: choose today or a day to come.',
    'failure.override_days': 'Write a number of days between 1 and 3650.',
  },
};
