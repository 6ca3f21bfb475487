/** What a column of a sales file can hold. Apart from the schema so that the web client needs no validator for it. */
export const salesColumns = [
  'date', 'time', 'number', 'till', 'store', 'card', 'customerCode', 'email', 'phone', 'customerName', 'code', 'ean', 'description', 'category', 'quantity',
  'unitPrice', 'discount', 'amount', 'vat', 'type', 'documentTotal', 'refundedTotal',
] as const; // prettier-ignore
