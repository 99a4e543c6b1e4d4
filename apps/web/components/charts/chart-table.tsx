/** What a chart shows, number by number. `head` names the rows and then the columns. */
export function ChartTable({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: readonly string[];
  /** The newest last; what a row is about comes first in it. */
  rows: readonly (readonly string[])[];
}) {
  return (
    <details className="mt-3 text-sm">
      <summary className="w-fit text-xs text-ink-soft hover:text-ink">Show as table</summary>
      <section
        aria-label={caption}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
        tabIndex={0}
        className="mt-2 max-h-80 overflow-auto rounded-md border border-line"
      >
        <table className="numeric w-full border-collapse text-right text-xs [&_td]:px-2.5 [&_td]:py-1 [&_td]:whitespace-nowrap [&_th]:px-2.5 [&_th]:py-1 [&_th]:font-medium [&_th]:whitespace-nowrap [&_th:first-child]:text-left [&_tr]:border-b [&_tr]:border-line [&_tr:last-child]:border-0">
          <thead className="bg-sunken text-ink-soft">
            <tr>
              {head.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two apps may have one name.
                <th key={index} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have nothing but their place.
                  <td key={index}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
