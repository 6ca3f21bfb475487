import { dayFromIso, isoFromDay } from '../../src/kernel/day.ts';

const PEOPLE = 12;
const EVERY_DAYS = 30;
const PURCHASES = 5;
const ANONYMOUS_LINES = 40_000;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const cardOf = (person: number): string => `29000000${String(person).padStart(4, '0')}`;
const italian = (iso: string): string => iso.split('-').reverse().join('/');

/** A list of people who said yes on paper. The head of the column of addresses is no word that the program knows; one address is broken. */
export function contactFile(): string {
  const rows = numbers(PEOPLE).map((person) =>
    [
      person === PEOPLE ? 'persona12chiocciola.example.it' : `persona${person}@clienti.example.it`,
      'Persona',
      `Numero ${person}`,
      cardOf(person),
      'sì',
      'sì',
      '10/01/2026',
      'foglio',
      `foglio ${person}`,
    ].join(';'),
  );
  const header =
    'Recapito elettronico;Nome;Cognome;Tessera;Marketing;Profilazione;Data consenso;Metodo consenso;Prova';
  return [header, ...rows].join('\r\n');
}

/** A till's file up to a day: everybody of the list buys capsules about every 30 days, many others without a card; two dates are broken. */
export function salesFile(lastDay: string): string {
  const last = dayFromIso(lastDay);
  const known = numbers(PEOPLE).flatMap((person) =>
    numbers(PURCHASES).map((purchase) => {
      const day = italian(isoFromDay(last - EVERY_DAYS * purchase + (person % 3)));
      return `${day};10:${String(10 + person)};${person * 100 + purchase};${cardOf(person)};Capsule intense 100;Capsule;1;22,90`;
    }),
  );
  const unknown = numbers(ANONYMOUS_LINES).map(
    (line) =>
      `${italian(isoFromDay(last - 1 - (line % 150)))};17:05;${10_000 + line};;Caffè al banco;Bar;1;1,20`,
  );
  const broken = [
    '31/02/2026;09:00;9001;;Caffè al banco;Bar;1;1,20',
    'ieri;09:05;9002;;Caffè al banco;Bar;1;1,20',
  ];
  return [
    'Data;Ora;Scontrino;Tessera;Articolo;Categoria;Quantità;Importo',
    ...known,
    ...unknown,
    ...broken,
  ].join('\r\n');
}
