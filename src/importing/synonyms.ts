import type { Synonyms } from './header.ts';

/** Fields of a sale line in a file. */
export type SalesField =
  | 'date'
  | 'time'
  | 'number'
  | 'till'
  | 'store'
  | 'card'
  | 'customerCode'
  | 'email'
  | 'phone'
  | 'customerName'
  | 'code'
  | 'ean'
  | 'description'
  | 'category'
  | 'quantity'
  | 'unitPrice'
  | 'discount'
  | 'amount'
  | 'vat'
  | 'type'
  | 'payment';

/** Header names of sales files, folded (sales-formats F1), in Italian, English and the German of SumUp's export. */
export const salesSynonyms: Synonyms<SalesField> = {
  amount: [
    'importo',
    'totale riga',
    'importo riga',
    'totale',
    'importo totale',
    'totale lordo',
    'line total',
    'amount',
    'total',
    'preis brutto',
  ],
  date: [
    'data',
    'data doc',
    'data scontrino',
    'data documento',
    'data vendita',
    'data ora',
    'date',
    'invoicedate',
    'created at',
    'datum',
    'order date',
  ],
  time: ['ora', 'orario', 'time', 'uhrzeit', 'ora scontrino'],
  number: [
    'n scontrino',
    'numero scontrino',
    'nr scontrino',
    'scontrino',
    'num doc',
    'n doc',
    'numero documento',
    'documento',
    'transazione',
    'numero',
    'invoiceno',
    'receipt',
    'receipt number',
    'transaction id',
    'transaktionsnummer',
    'order',
    'order number',
    'invoice',
  ],
  till: ['cassa', 'cassa n', 'till', 'register', 'device name', 'terminale'],
  store: ['pdv', 'negozio', 'punto vendita', 'store', 'shop', 'location', 'sede'],
  card: [
    'tessera',
    'fidelity',
    'card',
    'n tessera',
    'numero tessera',
    'tessera fedelta',
    'carta fedelta',
    'loyalty card',
  ],
  customerCode: [
    'cod cliente',
    'codice cliente',
    'id cliente',
    'customerid',
    'customer id',
    'customer code',
    'cliente id',
    'member number',
  ],
  email: ['email', 'e mail', 'mail', 'indirizzo email', 'posta elettronica'],
  phone: ['cellulare', 'telefono', 'cell', 'tel', 'phone', 'mobile'],
  customerName: ['cliente', 'ragione sociale', 'nominativo', 'customer', 'customer name', 'nome cliente'],
  code: [
    'cod articolo',
    'codice articolo',
    'cod art',
    'codice',
    'sku',
    'stockcode',
    'item code',
    'product code',
  ],
  ean: ['barcode', 'ean', 'cod a barre', 'codice a barre', 'gtin', 'ean13'],
  description: [
    'descrizione',
    'articolo',
    'prodotto',
    'description',
    'item',
    'product',
    'nome articolo',
    'beschreibung',
    'itemdescription',
    'descrizione articolo',
  ],
  category: ['reparto', 'categoria', 'famiglia', 'gruppo', 'category', 'department', 'gruppo merceologico'],
  quantity: ['qta', 'quantita', 'pezzi', 'q ta', 'qty', 'quantity', 'menge', 'pz', 'quant'],
  unitPrice: [
    'prezzo',
    'prezzo unit',
    'prezzo unitario',
    'prezzo lordo',
    'price',
    'unit price',
    'unitprice',
    'item price',
  ],
  discount: ['sconto', 'sc%', 'sconto %', 'sc %', 'sconto perc', 'discount', 'discount %', 'rabatt'],
  vat: ['iva', 'aliquota', 'aliquota iva', 'iva %', 'vat', 'tax rate', 'steuersatz'],
  type: ['tipo', 'tipo doc', 'tipo documento', 'tipo riga', 'causale', 'type', 'event type', 'typ'],
  payment: ['pagamento', 'metodo', 'metodo di pagamento', 'payment', 'payment method', 'zahlungsmethode'],
};

/** Header names of contact files that are not also names of sales files; they help to find the header row. */
const contactNames = [
  'nome',
  'cognome',
  'indirizzo',
  'via',
  'cap',
  'citta',
  'comune',
  'provincia',
  'prov',
  'data di nascita',
  'nascita',
  'sesso',
  'note',
  'first name',
  'last name',
  'address',
  'city',
  'zip',
  'birthday',
  'denominazione',
  'partita iva',
  'codice fiscale',
];

const known = new Set([...Object.values(salesSynonyms).flat(), ...contactNames]);

/** Whether a folded header name is one we know, of any kind of file. */
export function isKnownHeaderName(folded: string): boolean {
  return known.has(folded);
}
