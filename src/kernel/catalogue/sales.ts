import type { Sentences } from '../language.ts';

export const salesSentences: Sentences = {
  it: {
    'failure.import_file_missing': 'Il file {file} non c’è. Controlla il nome e la cartella.',
    'failure.import_file_unreadable':
      'Non riesco a leggere {file}. Controlla che sia un file e non una cartella, che tu possa aprirlo e che nessun altro programma lo tenga occupato; non è cambiato niente.',
    'failure.import_file_empty': 'Il file {file} è vuoto. Esportalo di nuovo dalla cassa e riprova.',
    'failure.import_file_is_pdf':
      '{file} è un PDF, anche se il nome dice altro. Dalla cassa esporta in CSV o Excel, non in stampa.',
    'failure.import_file_is_image':
      '{file} è un’immagine. Serve il file dei dati: dalla cassa esporta in CSV o Excel.',
    'failure.import_file_is_archive':
      '{file} è un archivio compresso. Aprilo, prendi il file CSV o Excel che contiene e carica quello.',
    'failure.import_file_is_old_excel':
      '{file} è nel vecchio formato di Excel. Aprilo e salvalo come .xlsx o come CSV, poi ricaricalo.',
    'failure.import_file_is_open_document':
      '{file} è un foglio di LibreOffice (ODS). Aprilo e salvalo come .xlsx o come CSV, poi ricaricalo.',
    'failure.import_file_is_web_page':
      '{file} è una pagina web. Aprila con Excel e salvala come .xlsx, poi ricaricala.',
    'failure.import_file_is_xml': '{file} è un XML: per ora si leggono CSV e Excel (.xlsx).',
    'failure.import_file_is_not_text':
      '{file} non è un CSV né un Excel. Esportalo di nuovo dalla cassa in CSV.',
    'failure.import_file_damaged':
      '{file} è rovinato o incompleto. Scaricalo di nuovo; quello che era già dentro è al sicuro.',
    'failure.import_unclosed_quote':
      'In {file}, dalla riga {line}, manca una virgoletta di chiusura. Correggi la riga e ricarica il file.',
    'failure.import_column_unknown': 'Il file non ha una colonna «{column}». Ci sono: {columns}.',
    'failure.import_column_twice':
      'Il file ha due colonne «{column}»: non si sa quale sia quella giusta. Cambia il nome di una delle due.',
    'failure.import_column_missing':
      'La colonna «{column}» non c’è in questo file. Scegli quale colonna usare al suo posto.',
    'failure.import_mapping_invalid': 'Lo schema di lettura non va bene: {detail}.',
    'failure.import_columns_unknown':
      'Non ho capito quale colonna ha la data e quale l’importo. Indicale tu, poi riprova.',
    'failure.import_date_unknown': 'Non ho capito quale colonna ha la data. Indicala tu, poi riprova.',
    'failure.import_amount_unknown':
      'Non ho capito quale colonna ha l’importo o il prezzo. Indicala tu, poi riprova.',
    'failure.import_file_too_large':
      'Il file {file} è troppo grande per essere caricato da qui. Dividilo per anno, oppure usa ./bentornato import.',
    'failure.import_failed':
      'L’importazione si è interrotta. Non è stato salvato niente a metà: puoi ricominciare dallo stesso file.',
    'failure.import_interrupted':
      'Il programma si è chiuso durante l’importazione. Non è stato salvato niente a metà: ricarica lo stesso file.',
    'failure.import_running': 'Questa importazione è ancora in corso. Aspetta che finisca.',
    'failure.upload_gone': 'Il file caricato non c’è più. Caricalo di nuovo.',
    'failure.receipt_already_claimed': 'Questo scontrino è già di un cliente.',
    'import.reject.date_missing': 'manca la data',
    'import.reject.date_unreadable': 'la data non si legge',
    'import.reject.date_other_format': 'la data è scritta in un altro modo rispetto alle altre',
    'import.reject.date_ambiguous': 'non si capisce quale sia il giorno e quale il mese',
    'import.reject.date_in_future': 'la data è nel futuro',
    'import.reject.date_too_old': 'la data è prima del 1990',
    'import.reject.time_unreadable': 'l’ora non si legge',
    'import.reject.quantity_unreadable': 'la quantità non si legge',
    'import.reject.quantity_too_large': 'la quantità è troppo grande',
    'import.reject.amount_missing': 'manca l’importo',
    'import.reject.amount_unreadable': 'l’importo non si legge',
    'import.reject.amount_too_large': 'l’importo è troppo grande',
    'import.reject.vat_missing': 'manca l’aliquota IVA',
    'import.reject.too_many_cells': 'la riga ha più colonne delle altre',
    'import.reject.cell_too_long': 'un codice o un numero è troppo lungo per essere vero',
    'import.reject.receipt_head_rejected':
      'la prima riga dello scontrino, con la data e il cliente, è stata scartata: correggi quella e riprova',
    'import.reject.customer_code_cut':
      'il codice del cliente è stato abbreviato dal foglio di calcolo: esporta la colonna come testo',
    'import.reject.adjustment': 'è una rettifica contabile, non una vendita',
    'import.reject.price_not_positive': 'il prezzo è zero o negativo',
    'import.reject.voided': 'la vendita è stata annullata',
    'import.rejects.line': 'Riga',
    'import.rejects.reason': 'Motivo',
    'import.doubt.date_missing': 'Nessuna colonna sembra una data. Indica tu quale usare.',
    'import.doubt.amount_missing': 'Nessuna colonna sembra un importo. Indica tu quale usare.',
    'import.doubt.date_two_formats':
      'Nella colonna «{column}» le date sono scritte in due modi. Scegli il modo giusto; le righe dubbie restano fuori.',
    'import.doubt.date_unclear':
      'Nella colonna «{column}» il giorno e il mese si possono scambiare: leggo prima il giorno, come si usa in Italia.',
    'import.doubt.number_two_formats':
      'Nella colonna «{column}» alcuni numeri hanno la virgola e altri il punto. Quelli dubbi restano fuori.',
    'import.doubt.double_encoded': 'Alcune lettere accentate erano rovinate («Ã¨»): le ho rimesse a posto.',
    'import.doubt.merged_cells':
      'Il foglio ha celle unite: i testi valgono per tutte le righe che coprono, gli importi solo per la prima.',
    'import.doubt.several_sheets': 'Il file ha più fogli: leggo solo il primo.',
    'import.doubt.no_header': 'La prima riga non ha i nomi delle colonne: le ho numerate.',
    'import.doubt.no_customer':
      'Nessuna colonna dice chi è il cliente: le vendite entrano come anonime e non fanno partire orologi.',
    'import.doubt.code_cut':
      'Nella colonna «{column}» il foglio di calcolo ha abbreviato i codici lunghi (8,00E+12): uso la descrizione.',
    'import.doubt.seen_before':
      'Questo stesso file è già stato importato: le righe uguali non contano due volte.',
  },
  en: {
    'failure.import_file_missing': 'The file {file} is not there. Check its name and folder.',
    'failure.import_file_unreadable':
      '{file} cannot be read. See that it is a file and not a folder, that you may open it and that no other program holds it; nothing has changed.',
    'failure.import_file_empty': 'The file {file} is empty. Export it from the till again and retry.',
    'failure.import_file_is_pdf':
      '{file} is a PDF, whatever its name says. Export CSV or Excel from the till, not a printout.',
    'failure.import_file_is_image':
      '{file} is a picture. The data file is needed: export CSV or Excel from the till.',
    'failure.import_file_is_archive':
      '{file} is a compressed archive. Open it, take the CSV or Excel file inside and load that one.',
    'failure.import_file_is_old_excel':
      '{file} is in the old Excel format. Open it and save it as .xlsx or CSV, then load it again.',
    'failure.import_file_is_open_document':
      '{file} is a LibreOffice sheet (ODS). Open it and save it as .xlsx or CSV, then load it again.',
    'failure.import_file_is_web_page':
      '{file} is a web page. Open it with Excel and save it as .xlsx, then load it again.',
    'failure.import_file_is_xml': '{file} is XML: for now CSV and Excel (.xlsx) are read.',
    'failure.import_file_is_not_text':
      '{file} is neither CSV nor Excel. Export it from the till again as CSV.',
    'failure.import_file_damaged':
      '{file} is damaged or incomplete. Download it again; what was inside already is safe.',
    'failure.import_unclosed_quote':
      'In {file}, from row {line} on, a closing quote is missing. Correct the row and load the file again.',
    'failure.import_column_unknown': 'The file has no column “{column}”. There are: {columns}.',
    'failure.import_column_twice':
      'The file has two columns “{column}”: which is the right one cannot be told. Rename one of them.',
    'failure.import_column_missing':
      'The column "{column}" is not in this file. Choose which column to use instead.',
    'failure.import_mapping_invalid': 'The way to read the file is not right: {detail}.',
    'failure.import_columns_unknown':
      'It is not clear which column has the date and which the amount. Point them out, then try again.',
    'failure.import_date_unknown': 'It is not clear which column has the date. Point it out, then try again.',
    'failure.import_amount_unknown':
      'It is not clear which column has the amount or the price. Point it out, then try again.',
    'failure.import_file_too_large':
      'The file {file} is too large to be loaded from here. Divide it by year, or use ./bentornato import.',
    'failure.import_failed':
      'The import stopped. Nothing was saved by halves: you can start again with the same file.',
    'failure.import_interrupted':
      'The program closed during the import. Nothing was saved by halves: load the same file again.',
    'failure.import_running': 'This import is still running. Wait until it ends.',
    'failure.upload_gone': 'The loaded file is no longer there. Load it again.',
    'failure.receipt_already_claimed': 'This receipt already belongs to a customer.',
    'import.reject.date_missing': 'the date is missing',
    'import.reject.date_unreadable': 'the date cannot be read',
    'import.reject.date_other_format': 'the date is written in another way than the others',
    'import.reject.date_ambiguous': 'which is the day and which the month is not clear',
    'import.reject.date_in_future': 'the date lies in the future',
    'import.reject.date_too_old': 'the date lies before 1990',
    'import.reject.time_unreadable': 'the time cannot be read',
    'import.reject.quantity_unreadable': 'the quantity cannot be read',
    'import.reject.quantity_too_large': 'the quantity is too large',
    'import.reject.amount_missing': 'the amount is missing',
    'import.reject.amount_unreadable': 'the amount cannot be read',
    'import.reject.amount_too_large': 'the amount is too large',
    'import.reject.vat_missing': 'the VAT rate is missing',
    'import.reject.too_many_cells': 'the row has more columns than the others',
    'import.reject.cell_too_long': 'a code or number is too long to be true',
    'import.reject.receipt_head_rejected':
      'the first row of the receipt, with its date and customer, was rejected: correct that one and try again',
    'import.reject.customer_code_cut':
      'the spreadsheet shortened the customer’s code: export the column as text',
    'import.reject.adjustment': 'it is an accounting adjustment, not a sale',
    'import.reject.price_not_positive': 'the price is zero or negative',
    'import.reject.voided': 'the sale was voided',
    'import.rejects.line': 'Row',
    'import.rejects.reason': 'Reason',
    'import.doubt.date_missing': 'No column looks like a date. Point out which one to use.',
    'import.doubt.amount_missing': 'No column looks like an amount. Point out which one to use.',
    'import.doubt.date_two_formats':
      'In the column "{column}" dates are written in two ways. Choose the right one; doubtful rows stay out.',
    'import.doubt.date_unclear':
      'In the column "{column}" day and month could be swapped: the day is read first, as is usual in Italy.',
    'import.doubt.number_two_formats':
      'In the column "{column}" some numbers have a comma and others a point. Doubtful ones stay out.',
    'import.doubt.double_encoded': 'Some accented letters were damaged ("Ã¨"): they have been repaired.',
    'import.doubt.merged_cells':
      'The sheet has merged cells: texts hold for all the rows they cover, amounts only for the first.',
    'import.doubt.several_sheets': 'The file has several sheets: only the first is read.',
    'import.doubt.no_header': 'The first row does not name the columns: they have been numbered.',
    'import.doubt.no_customer':
      'No column says who the customer is: sales come in as anonymous and start no clocks.',
    'import.doubt.code_cut':
      'In the column "{column}" the spreadsheet shortened long codes (8.00E+12): the description is used.',
    'import.doubt.seen_before': 'This very file was imported before: equal rows do not count twice.',
  },
};
