/** Whose purchase it is, as one line of text. */
export function customerName({
  customerName: name,
  customerEmail: email,
}: {
  customerName: string | null;
  customerEmail: string | null;
}): string {
  if (name && email) return `${name} (${email})`;
  return name ?? email ?? "the customer";
}
