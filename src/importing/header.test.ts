import { describe, expect, it } from 'vitest';
import { contactSynonyms } from '../contacts/import-rules.ts';
import {
  columnPosition,
  columnReference,
  findHeaderRow,
  foldHeader,
  guessColumns,
  headerFingerprint,
  isRepeatedHeader,
  isTotalRow,
} from './header.ts';
import { isKnownHeaderName, salesSynonyms } from './synonyms.ts';

describe('names of columns', () => {
  it('are compared without accents, dots, signs and case', () => {
    expect(['Q.tà', 'N° scontrino', 'Sc.%', 'E-mail', ' DATA  doc. '].map(foldHeader)).toEqual([
      'qta',
      'n scontrino',
      'sc%',
      'e mail',
      'data doc',
    ]);
  });

  it('are known only in their folded form, or they would never be found', () => {
    const names = [...Object.values(salesSynonyms), ...Object.values(contactSynonyms)].flat();
    expect(names.filter((name) => foldHeader(name) !== name)).toEqual([]);
  });

  it('find the columns of an Italian till', () => {
    const header = ['Data', 'Ora', 'N. scontrino', 'Cassa', 'Tessera', 'Cliente', 'Cod. articolo', 'Descrizione', 'Reparto', 'Q.tà', 'Prezzo', 'Sconto %', 'Importo', 'Pagamento']; // prettier-ignore
    const fields = ['date', 'time', 'number', 'till', 'card', 'customerName', 'code', 'description', 'category', 'quantity', 'unitPrice', 'discount', 'amount', 'payment']; // prettier-ignore
    const found = guessColumns(header, salesSynonyms);
    expect(fields.map((field) => found[field as keyof typeof found])).toEqual(
      header.map((_, column) => column),
    );
  });

  it('find both telephones of a contact list, whatever their order', () => {
    expect(guessColumns(['Telefono', 'Cellulare', 'E-mail'], contactSynonyms)).toEqual({
      secondPhone: 0,
      phone: 1,
      email: 2,
    });
    expect(guessColumns(['Telefono'], contactSynonyms)).toEqual({ phone: 0 });
  });

  it('serve one field each, and a name that only begins so comes last', () => {
    expect(guessColumns(['Data doc. emissione', 'Data'], salesSynonyms)).toEqual({ date: 1 });
    expect(guessColumns(['Data doc. emissione'], salesSynonyms)).toEqual({ date: 0 });
  });

  it('are referred to by name, or by number where a name is missing or doubled', () => {
    const header = ['Data', 'Prezzo', 'Prezzo', ''];
    expect(header.map((_, column) => columnReference(header, column))).toEqual(['Data', 2, 3, 4]);
  });

  it('are found again by number, by name and by folded name', () => {
    const header = ['Data', 'E-MAIL'];
    expect(columnPosition(header, 2)).toBe(1);
    expect(columnPosition(header, 'E-MAIL')).toBe(1);
    expect(columnPosition(header, 'e mail')).toBe(1);
    expect(columnPosition(header, 'Importo')).toBe(-1);
    expect(columnPosition(header, 3)).toBe(-1);
    expect(headerFingerprint(header)).toBe(headerFingerprint(['DATA', 'e.mail '.replace('.', '-')]));
  });
});

describe('the header row', () => {
  it('is found under titles and above the data', () => {
    const rows = [
      ['Elenco vendite', '', ''],
      ['dal 01/10/2026', 'al 31/10/2026', ''],
      ['Data', 'Descrizione', 'Importo'],
      ['03/10/2026', 'Crema', '44,91'],
    ];
    expect(findHeaderRow(rows, isKnownHeaderName)).toBe(2);
  });

  it('may have a column called "%" or "€"', () => {
    expect(findHeaderRow([['Data', 'Descrizione', '%', '€'], ['03/10/2026', 'Crema', '10', '44,91']], isKnownHeaderName)).toBe(0); // prettier-ignore
  });

  it('is not taken from rows that are data already', () => {
    expect(findHeaderRow([['03/10/2026', 'Crema', '44,91']], isKnownHeaderName)).toBe(-1);
    expect(findHeaderRow([['Lucia', 'lucia@example.it'], ['Mario', 'mario@example.it']], isKnownHeaderName)).toBe(-1); // prettier-ignore
  });

  it('is recognised when it is printed again, with or without spaces around its words', () => {
    expect(isRepeatedHeader(['Data ', ' Importo'], ['Data', 'Importo'])).toBe(true);
    expect(isRepeatedHeader(['Data', 'Importo', ''], ['Data', 'Importo'])).toBe(true);
    expect(isRepeatedHeader(['Data', '12,00'], ['Data', 'Importo'])).toBe(false);
  });
});

describe('a row of totals', () => {
  it.each([
    [['Totale generale', '', '', '1.118,76']],
    [['', 'TOT. GENERALE', '', '', '1.118,76']],
    [['Subtotale', '', '', '12,00']],
    [['Totale', 'Totale', 'Totale', '12,00']],
    [['A riportare', '', '', '5']],
  ])('is %j', (cells) => {
    expect(isTotalRow(cells)).toBe(true);
  });

  it.each([
    [['03/10/2026', 'Totale pulito 1 l', '3,50', '']],
    [['Totale pulito 1 l', '03/10/2026', '1', '3,50']],
    [['Totalmente bio', '', '', '3,50']],
    [['', '', '', '']],
  ])('is not %j', (cells) => {
    expect(isTotalRow(cells)).toBe(false);
  });
});
