/** What a column of a contact list can hold. Apart from the schema so that the web client needs no validator for it. */
export const contactColumns = [
  'fullName', 'firstName', 'lastName', 'companyName', 'email', 'phone', 'secondPhone', 'card', 'code', 'street', 'postcode', 'city', 'province', 'birthDate',
  'language', 'preferredChannel', 'marketing', 'profiling', 'consentDate', 'consentMethod', 'consentReference', 'consentChannels',
] as const; // prettier-ignore
