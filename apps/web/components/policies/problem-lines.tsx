/** What is wrong with a field, under it. */
export function ProblemLines({ lines }: { lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul role="alert" className="grid gap-0.5 text-xs text-bad">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
