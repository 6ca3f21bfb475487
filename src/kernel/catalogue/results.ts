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
    'effect.too_early': 'Troppo presto per dirlo.',
    'effect.wait': 'Servono circa {days} giorni.',
    'effect.wait_unknown': 'Serve ancora tempo.',
    'effect.works':
      'Su 100 messaggi, {estimate} acquisti in più (tra {low} e {high}): circa {margin} di guadagno in più.',
    'effect.works_without_margin':
      'Su 100 messaggi, {estimate} acquisti in più (tra {low} e {high}); il guadagno per ora non si vede.',
    'effect.no_difference':
      'Su 100 messaggi, {estimate} acquisti in più, ma potrebbero essere tra {low} e {high}: non si può ancora dire.',
    'effect.worse':
      'Su 100 messaggi, {estimate} acquisti (tra {low} e {high}): questi messaggi fanno più male che bene.',
    'effect.note':
      'Ogni tanto un messaggio non parte, a sorte: così si vede che cosa sarebbe successo senza. Contano gli acquisti nei {days} giorni dopo. L’intervallo vale anche se lo guardi ogni giorno.',
    'effect.programme':
      'In 90 giorni, per ogni cliente che riceve: {estimate} di guadagno in più, ma potrebbero essere tra {low} e {high}. Non è la somma dei singoli messaggi: qui pesa anche la stanchezza.',
    'effect.programme_too_early':
      'Per l’insieme dei messaggi è troppo presto: servono 90 giorni di almeno {least} clienti lasciati fuori (finora {count}).',
    'effect.timing_too_early':
      'Una volta su dieci si scrive qualche giorno dopo, a sorte: per dire se il momento conta è ancora presto.',
    'effect.timing_on_time':
      'Scrivere appena serve rende di più che qualche giorno dopo: {estimate} acquisti in più su 100 messaggi (tra {low} e {high}).',
    'effect.timing_later':
      'Scrivere qualche giorno dopo rende di più: {estimate} acquisti in più su 100 messaggi (tra {low} e {high}).',
    'effect.timing_no_difference':
      'Tra scrivere appena serve e qualche giorno dopo per ora non si vede differenza.',
    'effect.csv_header':
      'giorno;origine;nome;canale;momento;decisioni;ricevono;tornati;non_ricevono;tornati_senza;acquisti_in_piu;spesa_in_piu_centesimi;buoni',
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
    'effect.too_early': 'Too early to tell.',
    'effect.wait': 'It takes about {days} days.',
    'effect.wait_unknown': 'It takes more time.',
    'effect.works':
      'Of 100 messages, {estimate} more purchases (between {low} and {high}): about {margin} more margin.',
    'effect.works_without_margin':
      'Of 100 messages, {estimate} more purchases (between {low} and {high}); the margin does not show so far.',
    'effect.no_difference':
      'Of 100 messages, {estimate} more purchases, but it could be between {low} and {high}: it cannot be told yet.',
    'effect.worse':
      'Of 100 messages, {estimate} purchases (between {low} and {high}): these messages do more harm than good.',
    'effect.note':
      'Now and then a message does not leave, by lot: that shows what would have happened without it. Purchases in the {days} days after count. The interval holds even if you look every day.',
    'effect.programme':
      'In 90 days, for each customer who receives: {estimate} more margin, but it could be between {low} and {high}. It is not the sum of the messages: tiredness counts here too.',
    'effect.programme_too_early':
      'For all messages together it is too early: it takes 90 days of at least {least} customers left out ({count} so far).',
    'effect.timing_too_early':
      'One time in ten we write some days later, by lot: it is too early to tell whether the moment matters.',
    'effect.timing_on_time':
      'Writing as soon as it is needed brings more than some days later: {estimate} more purchases of 100 messages (between {low} and {high}).',
    'effect.timing_later':
      'Writing some days later brings more: {estimate} more purchases of 100 messages (between {low} and {high}).',
    'effect.timing_no_difference':
      'Between writing as soon as it is needed and some days later no difference can be seen so far.',
    'effect.csv_header':
      'day;source;name;channel;timing;decisions;receive;returned;left_out;returned_without;more_purchases;more_spend_cents;coupons',
    'results.needed': 'It takes {count} more customers before anything can be said.',
  },
};
