import type { Sentences } from '../language.ts';

export const campaignSentences: Sentences = {
  it: {
    'campaign.for_everyone': 'Per tutti',
    'campaign.for_buyers': 'Per chi compra {categories}',
    'campaign.days': '{who}, dal {from} al {to}',
    'campaign.one_day': '{who}, il {day}',
    'failure.campaign_dates': 'La fine viene prima dell’inizio. Cambia una delle due date.',
    'failure.campaign_fields':
      'Nelle parole di un’iniziativa i campi non si riempiono, e {field} arriverebbe scritto così. Il saluto con il nome c’è già: togli le graffe.',
    'failure.campaign_over': 'Questi giorni sono già passati. Scegli una fine da oggi in poi.',
  },
  en: {
    'campaign.for_everyone': 'For everyone',
    'campaign.for_buyers': 'For those who buy {categories}',
    'campaign.days': '{who}, from {from} to {to}',
    'campaign.one_day': '{who}, on {day}',
    'failure.campaign_dates': 'The end comes before the beginning. Change one of the two days.',
    'failure.campaign_fields':
      'The words of a campaign have no fields, and {field} would arrive as it is written. The greeting with the name is there already: take the braces out.',
    'failure.campaign_over': 'These days are over. Choose an end from today on.',
  },
};
