/** Whose purchase it is: the name over the address, whichever is known. */
export function Customer({ name, email }: { name: string | null; email: string | null }) {
  return (
    <span className="block min-w-0">
      <span className="block max-w-[55vw] truncate font-medium sm:max-w-64 text-ink">
        {name ?? email ?? "Unknown customer"}
      </span>
      {name && email && (
        <span className="block max-w-[55vw] truncate text-xs sm:max-w-64 text-ink-faint">{email}</span>
      )}
    </span>
  );
}
